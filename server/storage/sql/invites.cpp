#include "storage/sql/invites.hpp"

#include "model/limits.hpp"
#include "storage/sql/ending.hpp"
#include "storage/sql/membership.hpp"
#include "storage/sql/pages.hpp"
#include "storage/sql/thread_rows.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace banter::sql {

namespace {

// invites_by_workspace. The workspace has no more than limits::invites_max that count, and those
// that don't go when the next is made.
constexpr Statement drop_closed{
    "DELETE FROM invites WHERE workspace_id = $1 AND (expires_at <= $2 OR uses >= uses_max)"};
constexpr Statement count_of_workspace{"SELECT count(*) FROM invites WHERE workspace_id = $1"};

constexpr Statement add_invite{
    "INSERT INTO invites (id, workspace_id, code, role, uses_max, uses, created_by, created_at, "
    "expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)"};

constexpr Statement add_invite_thread{
    "INSERT INTO invite_threads (invite, thread) VALUES ($1, $2) ON CONFLICT DO NOTHING"};

// invites_by_code.
constexpr Statement find_by_code{
    "SELECT id, role, created_by FROM invites WHERE code = $1 AND workspace_id = $2 "
    "AND (expires_at IS NULL OR expires_at > $3) AND (uses_max IS NULL OR uses < uses_max)"};

// invites_by_workspace from the newest on.
constexpr Statement open_invites{
    "SELECT id, role, uses_max, uses, created_by, created_at, expires_at FROM invites "
    "WHERE workspace_id = $1 AND id < $2 AND (expires_at IS NULL OR expires_at > $3) "
    "AND (uses_max IS NULL OR uses < uses_max) ORDER BY id DESC LIMIT $4"};

// The primary keys of invite_threads and threads.
constexpr Statement threads_of_invite{
    "SELECT t.id FROM invite_threads i JOIN threads t ON t.number = i.thread WHERE i.invite = $1 "
    "ORDER BY i.thread"};

// The primary key.
constexpr Statement count_use{"UPDATE invites SET uses = uses + 1 WHERE id = $1"};
constexpr Statement drop_invite{
    "DELETE FROM invites WHERE id = $1 AND workspace_id = $2 RETURNING 1"};

Task<std::vector<model::ThreadId>> read_threads(Connection& connection, model::InviteId invite) {
    Rows rows = co_await connection.query(threads_of_invite, invite);
    std::vector<model::ThreadId> threads;
    for (std::size_t i = 0; i < rows.size(); ++i) threads.push_back(rows[i].id<model::ThreadId>());
    co_return threads;
}

Task<Result<model::Invite>> create_invite(
    Connection& connection,
    Outbox&,
    storage::NewInvite made,
    storage::ThreadRule rule
) {
    auto late = co_await still_may(connection, made.workspace, made.by);
    if (late) co_return std::move(*late);
    const model::Invite& invite = made.invite;
    co_await connection.query(drop_closed, made.workspace, invite.created_at);
    Rows count = co_await connection.query(count_of_workspace, made.workspace);
    if (count[0].number() >= model::limits::invites_max) {
        co_return Error{Errc::too_large, "there are too many invitations; revoke one first"};
    }
    co_await connection.query(
        add_invite,
        invite.id,
        made.workspace,
        made.code,
        invite.role,
        invite.uses_max,
        invite.created_by,
        invite.created_at,
        invite.expires_at
    );
    for (const model::ThreadId& id : invite.threads) {
        const auto thread = co_await thread_for_change(connection, id, invite.created_by);
        if (!thread) co_return no_such_thread();
        if (auto refused = rule(thread->view)) co_return std::move(*refused);
        co_await connection.query(add_invite_thread, invite.id, thread->number);
    }
    made.invite.threads = co_await read_threads(connection, invite.id);
    co_return std::move(made.invite);
}

model::Invite invite_from(Row& row, Cursor& cursor) {
    model::Invite invite;
    invite.id = row.id<model::InviteId>();
    invite.role = row.choice<model::WorkspaceRole>();
    if (!row.next_is_null()) invite.uses_max = row.number();
    invite.uses = row.number();
    invite.created_by = row.id<model::UserId>();
    invite.created_at = row.time();
    invite.expires_at = row.optional_time();
    cursor.text = invite.id.text();
    return invite;
}

/// Those that the rule lets the viewer see.
Task<std::vector<model::ThreadId>> visible_threads(
    Connection& connection,
    model::InviteId invite,
    model::UserId viewer,
    storage::ThreadRule rule
) {
    std::vector<model::ThreadId> visible;
    const auto threads = co_await read_threads(connection, invite);
    for (const model::ThreadId& id : threads) {
        const auto thread = co_await find_thread(connection, id, viewer);
        if (thread && !rule(thread->view)) visible.push_back(id);
    }
    co_return visible;
}

Task<model::Page<model::Invite>> list_invites(
    Connection& connection,
    storage::InviteViewer viewer,
    storage::ThreadRule rule,
    model::PageRequest page
) {
    const auto start = newest_below<model::InviteId>(page);
    if (!start) co_return model::Page<model::Invite>{};
    Rows rows = co_await connection.query(
        open_invites, viewer.workspace, *start, viewer.now, page.limit + 1
    );
    auto invites = page_of<model::Invite>(std::move(rows), page.limit, invite_from);
    for (model::Invite& invite : invites.items) {
        invite.threads = co_await visible_threads(connection, invite.id, viewer.user, rule);
    }
    co_return std::move(invites);
}

Task<bool> end_invite(
    Connection& connection,
    Outbox&,
    model::WorkspaceId workspace,
    model::InviteId invite
) {
    const Rows dropped = co_await connection.query(drop_invite, invite, workspace);
    co_return !dropped.empty();
}

/// `view` is the thread as its inviter sees it now.
bool still_leads_to(const model::ThreadView& view) {
    const model::Thread& thread = view.thread;
    if (thread.archived_at) return false;
    const bool open = thread.kind == model::ThreadKind::channel &&
                      thread.visibility == model::Visibility::public_;
    return open || view.membership.has_value();
}

Task<> join_by_invite(
    Connection& connection,
    Outbox& outbox,
    ThreadRow thread,
    model::UserId user,
    Timestamp now
) {
    NewMember member;
    member.thread = thread.view.thread.id;
    member.thread_number = thread.number;
    member.user = user;
    member.read_seq = thread.view.thread.seq;
    member.joined_at = now;
    member.member_count = thread.view.member_count + 1;
    co_await add_member(connection, outbox, member);
}

}  // namespace

Task<std::optional<OpenInvite>> find_open_invite(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::SecretHash code,
    Timestamp now
) {
    Rows rows = co_await connection.query(find_by_code, code, workspace, now);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    OpenInvite invite;
    invite.id = row.id<model::InviteId>();
    invite.role = row.choice<model::WorkspaceRole>();
    invite.created_by = row.id<model::UserId>();
    co_return invite;
}

Task<> use_invite(
    Connection& connection,
    Outbox& outbox,
    OpenInvite invite,
    model::UserId user,
    Timestamp now
) {
    co_await connection.query(count_use, invite.id);
    const auto threads = co_await read_threads(connection, invite.id);
    for (const model::ThreadId& id : threads) {
        auto thread = co_await thread_for_change(connection, id, invite.created_by);
        if (!thread || !still_leads_to(thread->view)) continue;
        co_await join_by_invite(connection, outbox, std::move(*thread), user, now);
    }
}

Task<Result<model::Invite>> SqlInviteStore::create(
    storage::NewInvite invite,
    storage::ThreadRule rule
) {
    return database_.write(create_invite, std::move(invite), std::move(rule));
}

Task<model::Page<model::Invite>> SqlInviteStore::list(
    storage::InviteViewer viewer,
    storage::ThreadRule rule,
    model::PageRequest page
) {
    return database_.read(list_invites, viewer, std::move(rule), std::move(page));
}

Task<bool> SqlInviteStore::end(model::WorkspaceId workspace, model::InviteId invite) {
    return database_.write(end_invite, workspace, invite);
}

}  // namespace banter::sql
