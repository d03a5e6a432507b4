// Bots in SQL: users whom no issuer and no password stands for.
#pragma once

#include "storage/people_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

/// PeopleStore::make_bot.
[[nodiscard]] Task<Result<model::User>> write_bot(
    Connection& connection,
    Outbox& outbox,
    storage::NewBot made
);

/// PeopleStore::bots.
[[nodiscard]] Task<model::Page<model::User>> read_bots(
    Connection& connection,
    model::WorkspaceId workspace,
    model::PageRequest page
);

}  // namespace banter::sql
