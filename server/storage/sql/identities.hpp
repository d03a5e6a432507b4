// Users by what an issuer calls them, in SQL.
#pragma once

#include "storage/sql/database.hpp"
#include "storage/user_store.hpp"

namespace banter::sql {

/// UserStore::find_by_identity.
[[nodiscard]] Task<std::optional<storage::KnownCaller>> read_by_identity(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::Identity identity
);

/// UserStore::provision.
[[nodiscard]] Task<std::optional<storage::KnownCaller>> find_or_make(
    Connection& connection,
    Outbox& outbox,
    storage::NewIdentity wanted
);

}  // namespace banter::sql
