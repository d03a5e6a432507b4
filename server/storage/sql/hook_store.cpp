#include "storage/sql/hook_store.hpp"

#include "base/ascii.hpp"
#include "model/limits.hpp"
#include "storage/sql/account_deletion.hpp"
#include "storage/sql/ending.hpp"
#include "storage/sql/identities.hpp"
#include "storage/sql/identity_states.hpp"
#include "storage/sql/organizations.hpp"
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

Task<> end_session(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const auto session = std::get<storage::SessionEnd>(hook.says).session;
    const Timestamp old = hook.now - storage::ended_sessions_kept;
    co_await connection.query(drop_old_ended, old);
    const Rows added = co_await connection.query(add_ended, session, hook.now);
    if (added.empty()) co_return;
    const auto workspaces = co_await workspaces_of(connection, hook.identity);
    for (const model::WorkspaceId& workspace : workspaces) {
        const auto user = co_await living_user(connection, workspace, hook.identity);
        if (!user) continue;
        model::Revocation revocation;
        revocation.user = user->id;
        revocation.sign_in = session;
        co_await revoke(connection, outbox, revocation, hook.now);
    }
}

/// Whether the handle is the wanted one, perhaps with the number that it got as that was taken, and
/// shorter where else there was no place for that.
bool is_made_of(std::string_view handle, std::string_view wanted) {
    if (handle == wanted) return true;
    const std::size_t hyphen = handle.rfind('-');
    if (hyphen == std::string_view::npos) return false;
    const std::string_view kept = handle.substr(0, hyphen);
    const std::string_view number = handle.substr(hyphen + 1);
    const bool fills = handle.size() == model::limits::handle_bytes_max;
    return !number.empty() && std::ranges::all_of(number, is_digit) &&
           (kept == wanted || (fills && wanted.starts_with(kept)));
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

/// Whether the issuer calls the user otherwise than it did. It tells of them at every sign-in
/// there, and what people have changed here since is theirs.
bool names_anew(const storage::IdentityNews& news, const IdentityState& said) {
    return news.handle != said.handle || news.display_name != said.display_name ||
           news.avatar_url != said.avatar_url;
}

Task<> take_news(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const auto news = std::get<storage::IdentityNews>(hook.says);
    IdentityState state = co_await claim_identity_state(connection, hook.identity);
    if (state.gone || news.updated_at < state.updated_at) co_return;
    const bool another_bar = news.barred != state.barred;
    const bool other_names = names_anew(news, state);
    state.updated_at = news.updated_at;
    state.handle = news.handle;
    state.display_name = news.display_name;
    state.avatar_url = news.avatar_url;
    state.barred = news.barred;
    co_await save_identity_state(connection, hook.identity, std::move(state));

    if (news.makes && !news.barred) co_await make_user(connection, outbox, hook);
    const auto workspaces = co_await workspaces_of(connection, hook.identity);
    for (const model::WorkspaceId& workspace : workspaces) {
        auto user = co_await living_user(connection, workspace, hook.identity);
        if (!user) continue;
        if (other_names) co_await write_news(connection, outbox, *std::move(user), news);
        if (another_bar)
            co_await settle_access(connection, outbox, workspace, hook.identity, hook.now);
    }
}

Task<> end_user(Connection& connection, Outbox& outbox, model::User user, Timestamp now) {
    const auto known = co_await find_user_state(connection, user.workspace, user.id);
    CHECK(known.has_value());
    if (known->is_last_owner) {
        co_await set_active(connection, outbox, std::move(user), false, now);
        co_return;
    }
    storage::AccountDeletion deletion;
    deletion.workspace = user.workspace;
    deletion.user = user.id;
    deletion.now = now;
    const auto deleted = co_await delete_account(connection, outbox, std::move(deletion), whoever);
    // Whoever has a password here, too, keeps the account, and somebody has to let them in.
    if (!deleted) co_await set_active(connection, outbox, std::move(user), false, now);
}

Task<> end_identity(Connection& connection, Outbox& outbox, storage::Hook hook) {
    IdentityState state = co_await claim_identity_state(connection, hook.identity);
    if (state.gone) co_return;
    IdentityState end;
    end.updated_at = state.updated_at;
    end.gone = true;
    co_await save_identity_state(connection, hook.identity, std::move(end));
    const auto workspaces = co_await workspaces_of(connection, hook.identity);
    for (const model::WorkspaceId& workspace : workspaces) {
        auto user = co_await living_user(connection, workspace, hook.identity);
        if (user) co_await end_user(connection, outbox, *std::move(user), hook.now);
    }
}

Task<bool> is_taken(Connection& connection, std::optional<std::string> id) {
    if (!id) co_return false;
    const Rows taken = co_await connection.query(find_taken, *id);
    co_return !taken.empty();
}

Task<> note_taken(Connection& connection, std::optional<std::string> id, Timestamp now) {
    if (!id) co_return;
    const Timestamp old = now - storage::hooks_kept;
    co_await connection.query(drop_old_taken, old);
    co_await connection.query(add_taken, *id, now);
}

struct Ending {
    /// False: the hook was taken before.
    bool is_new = true;
    /// The last handle of those who are out; nothing: all are.
    std::optional<std::string> last;
};

/// The hook is taken when all are out: a sender that got no answer sends it again, and what a crash
/// has left is done then.
Task<Ending> end_some(
    Connection& connection,
    Outbox& outbox,
    storage::Hook hook,
    std::string after
) {
    Ending ending;
    const bool taken = co_await is_taken(connection, hook.id);
    ending.is_new = !taken;
    if (taken) co_return ending;
    ending.last = co_await end_organization(connection, outbox, hook, std::move(after));
    if (!ending.last) co_await note_taken(connection, hook.id, hook.now);
    co_return ending;
}

Task<bool> end_all(Database& database, storage::Hook hook) {
    Ending ending;
    ending.last = "";
    while (ending.last) {
        const std::string after = *ending.last;
        ending = co_await database.write(end_some, hook, after);
    }
    co_return ending.is_new;
}

Task<bool> take_hook(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const bool taken = co_await is_taken(connection, hook.id);
    if (taken) co_return false;
    co_await note_taken(connection, hook.id, hook.now);
    const auto& says = hook.says;
    if (std::holds_alternative<storage::SessionEnd>(says))
        co_await end_session(connection, outbox, std::move(hook));
    else if (std::holds_alternative<storage::IdentityNews>(says))
        co_await take_news(connection, outbox, std::move(hook));
    else if (std::holds_alternative<storage::IdentityEnd>(says))
        co_await end_identity(connection, outbox, std::move(hook));
    else if (std::holds_alternative<storage::OrganizationNews>(says))
        co_await take_organization_news(connection, std::move(hook));
    else if (std::holds_alternative<storage::MemberNews>(says))
        co_await take_member_news(connection, outbox, std::move(hook));
    else
        co_await end_membership(connection, outbox, std::move(hook));
    co_return true;
}

}  // namespace

Task<bool> SqlHookStore::take(storage::Hook hook) {
    if (std::holds_alternative<storage::OrganizationEnd>(hook.says))
        return end_all(database_, std::move(hook));
    return database_.write(take_hook, std::move(hook));
}

}  // namespace banter::sql
