// What ends with a user's access, in SQL: shared by whatever takes it away.
#pragma once

#include "storage/people_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/revocations.hpp"

#include <cstddef>
#include <optional>
#include <string>

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

/// The end of a workspace's users: some in each transaction, so that others are not kept waiting.
struct EndOfAll {
    static constexpr std::size_t at_once = 250;

    model::WorkspaceId workspace;
    /// Those whose handles come after this one.
    std::string after;
    Timestamp now;
};

/// The access tokens of the next of them are gone, and whatever they have open is revoked. Returns
/// the last one's handle; nothing: there are no more. For a workspace of which nobody has sign-ins
/// or invitations. users_by_handle.
[[nodiscard]] Task<std::optional<std::string>> end_access_of_some(
    Connection& connection,
    Outbox& outbox,
    EndOfAll end
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
