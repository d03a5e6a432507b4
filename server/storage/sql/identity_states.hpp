// What an issuer elsewhere has said of an identity, in whichever workspaces it is.
#pragma once

#include "storage/sql/database.hpp"
#include "storage/user_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banter::sql {

struct IdentityState {
    /// By the issuer's clock.
    Timestamp updated_at;
    /// As it would call the user; nothing: it has not said.
    std::optional<std::string> handle, display_name, avatar_url;
    bool barred = false;
    /// For good.
    bool gone = false;
};

/// The row is there afterwards and this transaction's, so that what makes a user and what ends the
/// identity wait for each other, in a database with several writers. The primary key.
[[nodiscard]] Task<IdentityState> claim_identity_state(
    Connection& connection,
    storage::Identity identity
);

/// Of a claimed one. The primary key.
[[nodiscard]] Task<> save_identity_state(
    Connection& connection,
    storage::Identity identity,
    IdentityState state
);

/// Where the identity is a user. identities_by_subject.
[[nodiscard]] Task<std::vector<model::WorkspaceId>> workspaces_of(
    Connection& connection,
    storage::Identity identity
);

/// Nothing: unknown there, or deleted here. The primary keys.
[[nodiscard]] Task<std::optional<model::User>> living_user(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::Identity identity
);

/// Deactivates the user, or takes it back, as the issuer wants it.
[[nodiscard]] Task<> set_active(
    Connection& connection,
    Outbox& outbox,
    model::User user,
    bool active,
    Timestamp now
);

/// Whoever is barred, or out of the organization, is deactivated there; whoever is neither any more
/// gets back what that took, and no more: what an admin has set is the admin's. The primary keys.
[[nodiscard]] Task<> settle_access(
    Connection& connection,
    Outbox& outbox,
    model::WorkspaceId workspace,
    storage::Identity identity,
    Timestamp now
);

/// The user is deleted here: what the identity is called is not kept. identities_by_user.
[[nodiscard]] Task<> forget_names_of(Connection& connection, model::UserId user);

}  // namespace banter::sql
