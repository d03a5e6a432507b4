#include "storage/sql/hook_store.hpp"

#include "storage/sql/account_deletion.hpp"
#include "storage/sql/ending.hpp"
#include "storage/sql/identities.hpp"
#include "storage/sql/revocations.hpp"
#include "storage/sql/user_changes.hpp"
#include "storage/sql/user_rows.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement find_taken{"SELECT 1 FROM taken_hooks WHERE id = $1"};
constexpr Statement add_taken{"INSERT INTO taken_hooks (id, taken_at) VALUES ($1, $2)"};
// taken_hooks_by_time from the oldest on. Few at a time: each act drops more than it adds.
constexpr Statement drop_old_taken{
    "DELETE FROM taken_hooks WHERE id IN "
    "(SELECT id FROM taken_hooks WHERE taken_at < $1 ORDER BY taken_at LIMIT 8)"};

constexpr Statement add_ended{
    "INSERT INTO ended_sessions (id, ended_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1"};
// ended_sessions_by_time from the oldest on.
constexpr Statement drop_old_ended{
    "DELETE FROM ended_sessions WHERE id IN "
    "(SELECT id FROM ended_sessions WHERE ended_at < $1 ORDER BY ended_at LIMIT 8)"};

// The primary key.
constexpr Statement find_state{
    "SELECT updated_at, barred_at, gone FROM identity_states "
    "WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};
constexpr Statement write_state{
    "INSERT INTO identity_states (workspace_id, issuer, subject, updated_at, barred_at, gone) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, issuer, subject) DO UPDATE SET "
    "updated_at = excluded.updated_at, barred_at = excluded.barred_at, gone = excluded.gone"};

struct IdentityState {
    Timestamp updated_at;
    /// As the hook that barred the user deactivated them.
    std::optional<Timestamp> barred_at;
    bool gone = false;
};

std::optional<Error> whoever(const model::UserState&) { return std::nullopt; }

Task<IdentityState> read_state(Connection& connection, storage::Hook hook) {
    Rows rows = co_await connection.query(
        find_state, hook.workspace, hook.identity.issuer, hook.identity.subject
    );
    IdentityState state;
    if (rows.empty()) co_return state;
    Row row = rows[0];
    state.updated_at = row.time();
    state.barred_at = row.optional_time();
    state.gone = row.flag();
    co_return state;
}

Task<> save_state(Connection& connection, storage::Hook hook, IdentityState state) {
    co_await connection.query(
        write_state,
        hook.workspace,
        hook.identity.issuer,
        hook.identity.subject,
        state.updated_at,
        state.barred_at,
        state.gone
    );
}

/// Nothing: unknown, or deleted here.
Task<std::optional<model::User>> living_user(Connection& connection, storage::Hook hook) {
    auto known = co_await read_by_identity(connection, hook.workspace, hook.identity);
    if (!known || known->user.deleted_at) co_return std::nullopt;
    co_return std::move(known->user);
}

Task<> set_active(
    Connection& connection,
    Outbox& outbox,
    model::User user,
    bool active,
    Timestamp now
) {
    storage::UserChange change;
    change.workspace = user.workspace;
    change.user = user.id;
    change.change.deactivated = !active;
    change.now = now;
    const auto changed = co_await write_user_change(connection, outbox, change, whoever);
    CHECK(changed.has_value());
}

Task<> end_session(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const auto session = std::get<storage::SessionEnd>(hook.says).session;
    const Timestamp old = hook.now - storage::ended_sessions_kept;
    co_await connection.query(drop_old_ended, old);
    const Rows added = co_await connection.query(add_ended, session, hook.now);
    if (added.empty()) co_return;
    const auto user = co_await living_user(connection, hook);
    if (!user) co_return;
    model::Revocation revocation;
    revocation.user = user->id;
    revocation.sign_in = session;
    co_await revoke(connection, outbox, revocation, hook.now);
}

/// Whether the handle is the wanted one, perhaps with the number that it got as that was taken.
bool is_made_of(std::string_view handle, std::string_view wanted) {
    if (!handle.starts_with(wanted)) return false;
    handle.remove_prefix(wanted.size());
    if (handle.empty()) return true;
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    return handle.size() > 1 && handle.front() == '-' &&
           std::ranges::all_of(handle.substr(1), is_digit);
}

Task<> write_news(
    Connection& connection,
    Outbox& outbox,
    model::User user,
    storage::IdentityNews news
) {
    storage::ProfileChange asked;
    asked.workspace = user.workspace;
    asked.user = user.id;
    asked.change.display_name = news.display_name;
    asked.change.avatar_url = news.avatar_url;
    if (news.renames && !is_made_of(user.handle, news.handle))
        asked.change.handle = co_await free_handle(connection, user.workspace, news.handle);
    const auto changed = co_await write_profile_change(connection, outbox, std::move(asked));
    CHECK(changed.has_value());
}

Task<> make_user(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const auto& news = std::get<storage::IdentityNews>(hook.says);
    storage::NewIdentity wanted;
    wanted.identity = hook.identity;
    wanted.workspace = hook.workspace;
    wanted.id = news.id;
    wanted.handle = news.handle;
    wanted.display_name = news.display_name;
    wanted.created_at = hook.now;
    // issued_at of zero: a hook makes nobody anew who was deleted here.
    (void)co_await find_or_make(connection, outbox, std::move(wanted));
}

Task<> take_news(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const auto news = std::get<storage::IdentityNews>(hook.says);
    IdentityState state = co_await read_state(connection, hook);
    if (state.gone || news.updated_at < state.updated_at) co_return;
    const bool was_barred = state.barred_at.has_value();
    const auto barred_at = state.barred_at;
    state.updated_at = news.updated_at;
    if (news.barred != was_barred)
        state.barred_at = news.barred ? std::optional(hook.now) : std::nullopt;
    co_await save_state(connection, hook, state);

    if (!news.barred) co_await make_user(connection, outbox, hook);
    auto user = co_await living_user(connection, hook);
    if (!user) co_return;
    co_await write_news(connection, outbox, *user, news);
    if (news.barred && !was_barred) co_await set_active(connection, outbox, *user, false, hook.now);
    // What an admin has set is the admin's.
    if (!news.barred && was_barred && user->deactivated_at == barred_at)
        co_await set_active(connection, outbox, *user, true, hook.now);
}

Task<> end_identity(Connection& connection, Outbox& outbox, storage::Hook hook) {
    IdentityState state = co_await read_state(connection, hook);
    if (state.gone) co_return;
    state.gone = true;
    co_await save_state(connection, hook, state);
    const auto user = co_await living_user(connection, hook);
    if (!user) co_return;
    const auto known = co_await find_user_state(connection, hook.workspace, user->id);
    CHECK(known.has_value());
    if (known->is_last_owner) {
        co_await set_active(connection, outbox, *user, false, hook.now);
        co_return;
    }
    storage::AccountDeletion deletion;
    deletion.workspace = hook.workspace;
    deletion.user = user->id;
    deletion.now = hook.now;
    const auto deleted = co_await delete_account(connection, outbox, std::move(deletion), whoever);
    // Whoever has a password here, too, keeps the account, and somebody has to let them in.
    if (!deleted) co_await set_active(connection, outbox, *user, false, hook.now);
}

Task<bool> take_hook(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const Rows taken = co_await connection.query(find_taken, hook.id);
    if (!taken.empty()) co_return false;
    const Timestamp old = hook.now - storage::hooks_kept;
    co_await connection.query(drop_old_taken, old);
    co_await connection.query(add_taken, hook.id, hook.now);
    if (std::holds_alternative<storage::SessionEnd>(hook.says))
        co_await end_session(connection, outbox, std::move(hook));
    else if (std::holds_alternative<storage::IdentityNews>(hook.says))
        co_await take_news(connection, outbox, std::move(hook));
    else
        co_await end_identity(connection, outbox, std::move(hook));
    co_return true;
}

}  // namespace

Task<bool> SqlHookStore::take(storage::Hook hook) {
    return database_.write(take_hook, std::move(hook));
}

}  // namespace banter::sql
