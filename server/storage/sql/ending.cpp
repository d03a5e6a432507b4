#include "storage/sql/ending.hpp"

#include "storage/sql/user_rows.hpp"

#include <memory>
#include <utility>

namespace banter::sql {

namespace {

// users_owners.
constexpr Statement first_owners{
    "SELECT id FROM users WHERE workspace_id = $1 AND role = 0 AND deactivated_at IS NULL LIMIT 2"};

static_assert(static_cast<int>(model::WorkspaceRole::owner) == 0, "users_owners counts on it");

// The primary key.
constexpr Statement find_acting{
    "SELECT 1 FROM users WHERE id = $1 AND workspace_id = $2 AND role = $3 "
    "AND deactivated_at IS NULL AND deleted_at IS NULL"};

// sign_ins_by_user.
constexpr Statement drop_sign_ins{"DELETE FROM sign_ins WHERE user_id = $1"};
// access_tokens_by_user.
constexpr Statement drop_access_tokens{"DELETE FROM access_tokens WHERE user_id = $1"};
// users_by_handle, of one workspace.
constexpr Statement next_users{
    "SELECT handle FROM users WHERE workspace_id = $1 AND handle > $2 ORDER BY handle LIMIT $3"};
// users_by_handle, of one workspace, then access_tokens_by_user.
constexpr Statement drop_access_tokens_of_some{
    "DELETE FROM access_tokens WHERE user_id IN "
    "(SELECT id FROM users WHERE workspace_id = $1 AND handle >= $2 AND handle <= $3)"};
// invites_by_creator.
constexpr Statement drop_invites{"DELETE FROM invites WHERE created_by = $1"};

}  // namespace

Task<std::optional<model::UserState>> find_user_state(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user
) {
    auto known = first_user(co_await connection.query(user_by_id, user, workspace));
    if (!known) co_return std::nullopt;
    model::UserState state;
    state.user = std::move(known->user);
    if (state.user.role == model::WorkspaceRole::owner) {
        const Rows owners = co_await connection.query(first_owners, workspace);
        state.is_last_owner = owners.size() == 1;
    }
    co_return std::move(state);
}

Task<> end_all_access(
    Connection& connection,
    Outbox& outbox,
    model::UserId user,
    model::RevocationReason reason,
    Timestamp now
) {
    co_await connection.query(drop_sign_ins, user);
    co_await connection.query(drop_access_tokens, user);
    co_await end_invites_of(connection, user);
    model::Revocation revocation;
    revocation.user = user;
    revocation.reason = reason;
    co_await revoke(connection, outbox, revocation, now);
}

Task<std::optional<std::string>> end_access_of_some(
    Connection& connection,
    Outbox& outbox,
    EndOfAll end
) {
    const std::size_t at_once = EndOfAll::at_once;
    Rows next = co_await connection.query(next_users, end.workspace, end.after, at_once);
    if (next.empty()) co_return std::nullopt;
    UserRange users{end.workspace, {}, {}};
    users.first = next[0].text();
    users.last = users.first;
    if (next.size() > 1) users.last = next[next.size() - 1].text();
    co_await connection.query(drop_access_tokens_of_some, users.workspace, users.first, users.last);
    const auto reason = model::RevocationReason::signed_out;
    co_await revoke_all(connection, outbox, users, reason, end.now);
    if (next.size() < at_once) co_return std::nullopt;
    co_return users.last;
}

Task<std::optional<Error>> still_may(
    Connection& connection,
    model::WorkspaceId workspace,
    std::optional<storage::ActingUser> by
) {
    if (!by) co_return std::nullopt;
    const Rows acting = co_await connection.query(find_acting, by->user, workspace, by->role);
    if (!acting.empty()) co_return std::nullopt;
    co_return Error{Errc::forbidden, "your role has changed meanwhile"};
}

Task<> end_invites_of(Connection& connection, model::UserId user) {
    co_await connection.query(drop_invites, user);
}

void tell_user(Outbox& outbox, const model::User& user) {
    model::Event event;
    event.body = model::UserUpdate{user};
    outbox.events.push_back(std::make_shared<const model::Event>(std::move(event)));
}

Error no_such_user() { return {Errc::not_found, "there is no such user"}; }

}  // namespace banter::sql
