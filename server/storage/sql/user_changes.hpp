// What is changed about a user, in SQL.
#pragma once

#include "storage/people_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

/// The rule of what an issuer elsewhere has decided: nobody here is asked.
[[nodiscard]] inline std::optional<Error> whoever(const model::UserState&) { return std::nullopt; }

/// PeopleStore::change_profile.
[[nodiscard]] Task<Result<model::User>> write_profile_change(
    Connection& connection,
    Outbox& outbox,
    storage::ProfileChange asked
);

/// PeopleStore::change_user.
[[nodiscard]] Task<Result<model::User>> write_user_change(
    Connection& connection,
    Outbox& outbox,
    storage::UserChange asked,
    storage::UserRule rule
);

}  // namespace banter::sql
