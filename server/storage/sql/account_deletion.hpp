// The end of an account in SQL.
#pragma once

#include "storage/people_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

/// PeopleStore::delete_account.
[[nodiscard]] Task<Result<model::User>> delete_account(
    Connection& connection,
    Outbox& outbox,
    storage::AccountDeletion deletion,
    storage::UserRule rule
);

}  // namespace banter::sql
