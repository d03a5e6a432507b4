// What ends with a user's access, in SQL: shared by whatever takes it away.
#pragma once

#include "storage/people_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/revocations.hpp"

#include <optional>

namespace banter::sql {

/// The user and whether no other is an owner. The primary key; users_owners.
[[nodiscard]] Task<std::optional<model::UserState>> find_user_state(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user
);

/// All sign-ins, access tokens and invitations of the user are gone, and what was opened with them
/// is revoked.
[[nodiscard]] Task<> end_all_access(
    Connection& connection,
    Outbox& outbox,
    model::UserId user,
    model::RevocationReason reason,
    Timestamp now
);

/// All access tokens of the workspace are gone, and whatever anybody has open in it is revoked. For
/// one of which nobody has sign-ins or invitations. users_by_handle, of the whole workspace.
[[nodiscard]] Task<> end_access_of_all(
    Connection& connection,
    Outbox& outbox,
    model::WorkspaceId workspace,
    model::RevocationReason reason,
    Timestamp now
);

/// Nothing, or why what is asked for by `by` is not done. The primary key.
[[nodiscard]] Task<std::optional<Error>> still_may(
    Connection& connection,
    model::WorkspaceId workspace,
    std::optional<storage::ActingUser> by
);

/// invites_by_creator.
[[nodiscard]] Task<> end_invites_of(Connection& connection, model::UserId user);

/// Tells the user's own sessions, and who watches the user.
void tell_user(Outbox& outbox, const model::User& user);

[[nodiscard]] Error no_such_user();

}  // namespace banter::sql
