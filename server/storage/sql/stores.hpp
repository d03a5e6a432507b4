// The stores of one loop over one database.
#pragma once

#include "storage/cache.hpp"
#include "storage/sql/access_token_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/departures.hpp"
#include "storage/sql/file_store.hpp"
#include "storage/sql/hook_store.hpp"
#include "storage/sql/identity_checks.hpp"
#include "storage/sql/invites.hpp"
#include "storage/sql/message_store.hpp"
#include "storage/sql/people_store.hpp"
#include "storage/sql/revocations.hpp"
#include "storage/sql/sign_in_store.hpp"
#include "storage/sql/thread_store.hpp"
#include "storage/sql/user_store.hpp"
#include "storage/storage.hpp"

namespace banter::sql {

/// Used from its loop only; `database` is the process's, `cache` is the loop's. All outlive it.
struct Stores {
    Stores(
        Database& database,
        storage::Cache& cache,
        const storage::Installation& installation,
        storage::SharedCache* shared_cache = nullptr
    )
        : users(database, installation.workspace.id),
          people(database),
          departures(database),
          sign_ins(database),
          access_tokens(database),
          invites(database),
          revocations(database),
          hooks(database),
          identity_checks(database),
          threads(database),
          messages(database, cache, shared_cache),
          files(database),
          uploads(database) {}

    SqlUserStore users;
    SqlPeopleStore people;
    SqlDepartureStore departures;
    SqlSignInStore sign_ins;
    SqlAccessTokenStore access_tokens;
    SqlInviteStore invites;
    SqlRevocationStore revocations;
    SqlHookStore hooks;
    SqlIdentityCheckStore identity_checks;
    SqlThreadStore threads;
    SqlMessageStore messages;
    SqlFileStore files;
    SqlUploadStore uploads;
};

}  // namespace banter::sql
