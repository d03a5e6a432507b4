#include "storage/sql/user_changes.hpp"

#include "storage/sql/ending.hpp"
#include "storage/sql/user_rows.hpp"
#include "storage/sql/user_terms.hpp"

#include <utility>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement write_profile{
    "UPDATE users SET handle = $2, display_name = $3, avatar_url = $4, status_emoji = $5, "
    "status_text = $6, status_expires_at = $7 WHERE id = $1"};
constexpr Statement write_role{"UPDATE users SET role = $2 WHERE id = $1"};
constexpr Statement write_deactivation{"UPDATE users SET deactivated_at = $2 WHERE id = $1"};

/// What the profile is to be; true: something is another than it was.
bool apply(const model::ProfileChange& change, model::User& user) {
    const model::User before = user;
    if (change.handle) user.handle = *change.handle;
    if (change.display_name) user.display_name = *change.display_name;
    if (change.avatar_url) user.avatar_url = *change.avatar_url;
    if (change.status) user.status = *change.status;
    return user.handle != before.handle || user.display_name != before.display_name ||
           user.avatar_url != before.avatar_url || user.status != before.status;
}

Task<> save_profile(Connection& connection, model::User user) {
    const auto status = user.status.value_or(model::UserStatus{});
    const auto emoji = user.status ? std::optional(status.emoji) : std::nullopt;
    const auto text = user.status ? std::optional(status.text) : std::nullopt;
    co_await connection.query(
        write_profile,
        user.id,
        user.handle,
        user.display_name,
        user.avatar_url,
        emoji,
        text,
        status.expires_at
    );
    co_await write_terms(connection, std::move(user));
}

Task<> change_role(
    Connection& connection,
    Outbox& outbox,
    model::User user,
    model::WorkspaceRole role,
    Timestamp now
) {
    co_await connection.query(write_role, user.id, role);
    // An admin's invitations must not make admins, as an owner's may.
    if (role != model::WorkspaceRole::owner) co_await end_invites_of(connection, user.id);
    model::Revocation revocation;
    revocation.user = user.id;
    revocation.reason = model::RevocationReason::role_changed;
    co_await revoke(connection, outbox, revocation, now);
}

Task<> set_deactivated(
    Connection& connection,
    Outbox& outbox,
    model::User user,
    std::optional<Timestamp> deactivated_at,
    Timestamp now
) {
    co_await connection.query(write_deactivation, user.id, deactivated_at);
    if (!deactivated_at) co_return;
    const auto reason = model::RevocationReason::deactivated;
    co_await end_all_access(connection, outbox, user.id, reason, now);
}

}  // namespace

Task<Result<model::User>> write_profile_change(
    Connection& connection,
    Outbox& outbox,
    storage::ProfileChange asked
) {
    auto known = first_user(co_await connection.query(user_by_id, asked.user, asked.workspace));
    if (!known || known->user.deleted_at) co_return no_such_user();
    model::User user = std::move(known->user);
    const std::string handle_before = user.handle;
    if (!apply(asked.change, user)) co_return user;
    if (user.handle != handle_before) {
        const Rows taken = co_await connection.query(user_by_handle, user.workspace, user.handle);
        if (!taken.empty()) co_return handle_taken();
    }
    co_await save_profile(connection, user);
    tell_user(outbox, user);
    co_return user;
}

Task<Result<model::User>> write_user_change(
    Connection& connection,
    Outbox& outbox,
    storage::UserChange asked,
    storage::UserRule rule
) {
    auto state = co_await find_user_state(connection, asked.workspace, asked.user);
    if (!state) co_return no_such_user();
    if (auto refused = rule(*state)) co_return std::move(*refused);
    auto late = co_await still_may(connection, asked.workspace, asked.by);
    if (late) co_return std::move(*late);
    model::User user = std::move(state->user);
    const model::UserChange& change = asked.change;
    bool changed = false;
    if (change.role && *change.role != user.role) {
        co_await change_role(connection, outbox, user, *change.role, asked.now);
        user.role = *change.role;
        changed = true;
    }
    if (change.deactivated && *change.deactivated != user.deactivated_at.has_value()) {
        user.deactivated_at.reset();
        if (*change.deactivated) user.deactivated_at = asked.now;
        co_await set_deactivated(connection, outbox, user, user.deactivated_at, asked.now);
        changed = true;
    }
    if (changed) tell_user(outbox, user);
    co_return user;
}

}  // namespace banter::sql
