// The stores of one loop over one database.
#pragma once

#include "storage/cache.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/message_store.hpp"
#include "storage/sql/sign_in_store.hpp"
#include "storage/sql/thread_store.hpp"
#include "storage/sql/user_store.hpp"
#include "storage/storage.hpp"

namespace banter::sql {

/// Used from its loop only; `database` is the process's, `cache` is the loop's. Both outlive it.
struct Stores {
    Stores(Database& database, storage::Cache& cache, const storage::Installation& installation)
        : users(database, installation.workspace.id),
          sign_ins(database),
          threads(database),
          messages(database, cache) {}

    SqlUserStore users;
    SqlSignInStore sign_ins;
    SqlThreadStore threads;
    SqlMessageStore messages;
};

}  // namespace banter::sql
