#include "storage/sql/membership.hpp"

#include "model/limits.hpp"
#include "storage/sql/cursor.hpp"
#include "storage/sql/ending.hpp"
#include "storage/sql/tell.hpp"
#include "storage/sql/used_day.hpp"

#include <utility>

namespace banter::sql {

namespace {

constexpr Statement insert_member{
    "INSERT INTO members (thread, user_id, role, read_seq, level, joined_at, thread_id, used_day) "
    "VALUES ($1, $2, $3, $4, 0, $5, $6, $7)"};

// The primary key.
constexpr Statement count_members{
    "UPDATE threads SET member_count = member_count + $2 WHERE number = $1"};
constexpr Statement change_access{
    "UPDATE threads SET access_rev = access_rev + 1 WHERE number = $1"};

// The primary key of members.
constexpr Statement find_member{
    "SELECT role, joined_at FROM members WHERE thread = $1 AND user_id = $2"};
constexpr Statement write_role{"UPDATE members SET role = $3 WHERE thread = $1 AND user_id = $2"};
constexpr Statement drop_member{"DELETE FROM members WHERE thread = $1 AND user_id = $2"};
constexpr Statement write_level{
    "UPDATE members SET level = $3, muted_until = $4 WHERE thread = $1 AND user_id = $2"};
constexpr Statement write_hidden{
    "UPDATE members SET hidden_seq = $3 WHERE thread = $1 AND user_id = $2"};
constexpr Statement find_hidden{
    "SELECT hidden_seq FROM members WHERE thread = $1 AND user_id = $2"};

// members_owners.
constexpr Statement find_owner{"SELECT 1 FROM members WHERE thread = $1 AND role = 0 LIMIT 1"};

static_assert(static_cast<int>(model::ThreadRole::owner) == 0, "members_owners counts on it");

// The primary keys of members and users. Ids begin with their time, so the first one was registered
// first.
constexpr Statement first_active_member{
    "SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id WHERE m.thread = $1 "
    "AND u.deactivated_at IS NULL AND u.deleted_at IS NULL ORDER BY m.user_id LIMIT 1"};
constexpr Statement first_member{
    "SELECT user_id FROM members WHERE thread = $1 ORDER BY user_id LIMIT 1"};

// The primary key of members from the cursor on.
constexpr Statement members_after{
    "SELECT user_id, role, joined_at FROM members WHERE thread = $1 AND user_id > $2 "
    "ORDER BY user_id LIMIT $3"};

// members_by_user, then the primary key of threads.
constexpr Statement replies_of_member{
    "SELECT t.id FROM members m JOIN threads t ON t.number = m.thread "
    "WHERE m.user_id = $1 AND t.parent_thread_id = $2"};
// members_by_user and the row of each. A row of before it had its thread's id looks for it by the
// primary key of threads: a join might walk through all of them.
#define BANTER_THREAD_ID \
    "coalesce(m.thread_id, (SELECT t.id FROM threads t WHERE t.number = m.thread)) "
constexpr Statement newest_threads_of{
    "SELECT " BANTER_THREAD_ID
    "FROM members m "
    "WHERE m.user_id = $1 ORDER BY m.joined_at DESC, m.thread DESC LIMIT $2"};
// members_by_use and the row of each.
constexpr Statement used_threads_of{
    "SELECT " BANTER_THREAD_ID
    "FROM members m "
    "WHERE m.user_id = $1 AND m.used_day >= $2 ORDER BY m.used_day DESC, m.thread DESC LIMIT $3"};

// The primary key.
constexpr Statement find_active_user{
    "SELECT role FROM users WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL "
    "AND deactivated_at IS NULL"};
constexpr Statement find_role_of_user{"SELECT role FROM users WHERE id = $1"};

/// A thread on the way to having one member less.
struct Leaving {
    model::ThreadId thread;
    std::int64_t thread_number = 0;
    std::uint64_t member_count = 0;
};

void tell_gone(Outbox& outbox, const Leaving& leaving, model::UserId user) {
    model::MemberUpdate update;
    update.thread = leaving.thread;
    update.user = user;
    update.member_count = leaving.member_count - 1;
    tell(outbox, leaving.thread, update);
}

Task<> drop_one(Connection& connection, Outbox& outbox, Leaving leaving, model::UserId user) {
    co_await connection.query(drop_member, leaving.thread_number, user);
    co_await connection.query(count_members, leaving.thread_number, -1);
    tell_gone(outbox, leaving, user);
}

/// Who can't read a thread has no place in the replies to its messages.
Task<> drop_from_replies(
    Connection& connection,
    Outbox& outbox,
    model::ThreadId parent,
    model::UserId user
) {
    Rows rows = co_await connection.query(replies_of_member, user, parent);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto replies =
            co_await thread_for_change(connection, rows[i].id<model::ThreadId>(), user);
        CHECK(replies.has_value());
        // The user has just left them.
        if (!replies->view.membership) continue;
        const Leaving leaving{replies->view.thread.id, replies->number, replies->view.member_count};
        co_await drop_one(connection, outbox, leaving, user);
    }
}

/// A thread that still has members keeps an owner.
Task<> promote_if_orphaned(Connection& connection, Outbox& outbox, ThreadRow thread) {
    const Rows owners = co_await connection.query(find_owner, thread.number);
    if (!owners.empty()) co_return;
    Rows first = co_await connection.query(first_active_member, thread.number);
    if (first.empty()) first = co_await connection.query(first_member, thread.number);
    if (first.empty()) co_return;
    const auto user = first[0].id<model::UserId>();
    co_await connection.query(write_role, thread.number, user, model::ThreadRole::owner);
    auto promoted = co_await find_thread(connection, thread.view.thread.id, user);
    tell_membership(outbox, promoted->view, user);
}

/// Whether somebody who is no member can't see the thread at all.
Task<bool> is_hidden_from(Connection& connection, model::Thread thread, model::UserId user) {
    const bool open = thread.kind == model::ThreadKind::channel &&
                      thread.visibility == model::Visibility::public_;
    if (!open) co_return true;
    Rows rows = co_await connection.query(find_role_of_user, user);
    co_return rows.empty() || rows[0].choice<model::WorkspaceRole>() == model::WorkspaceRole::guest;
}

Task<> end_membership(
    Connection& connection,
    Outbox& outbox,
    ThreadRow thread,
    model::UserId user,
    Replies replies
) {
    const model::ThreadId id = thread.view.thread.id;
    const Leaving leaving{id, thread.number, thread.view.member_count};
    // Who follows no reply thread any more may read it all the same.
    if (thread.view.thread.parent) {
        co_await drop_one(connection, outbox, leaving, user);
        co_return;
    }
    tell_revocation(outbox, model::Revocation{.user = user, .thread = id});
    co_await drop_one(connection, outbox, leaving, user);
    co_await connection.query(change_access, thread.number);
    if (replies == Replies::go_too) co_await drop_from_replies(connection, outbox, id, user);
    const bool hidden = co_await is_hidden_from(connection, thread.view.thread, user);
    if (hidden) tell(outbox, id, model::ThreadRemoved{id, user});
}

}  // namespace

Task<> add_member(Connection& connection, Outbox& outbox, NewMember member) {
    co_await connection.query(
        insert_member,
        member.thread_number,
        member.user,
        member.role,
        member.read_seq,
        member.joined_at,
        member.thread,
        used_day(member.joined_at)
    );
    co_await connection.query(count_members, member.thread_number, 1);
    model::MemberUpdate update;
    update.thread = member.thread;
    update.user = member.user;
    update.role = member.role;
    update.member_count = member.member_count;
    tell(outbox, member.thread, update);
}

Task<> drop_membership(
    Connection& connection,
    Outbox& outbox,
    ThreadRow thread,
    model::UserId user,
    model::ThreadRole role,
    Replies replies
) {
    co_await end_membership(connection, outbox, thread, user, replies);
    if (role == model::ThreadRole::owner)
        co_await promote_if_orphaned(connection, outbox, std::move(thread));
}

Task<std::optional<model::ThreadRole>> role_in(
    Connection& connection,
    std::int64_t thread_number,
    model::UserId user
) {
    Rows rows = co_await connection.query(find_member, thread_number, user);
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].choice<model::ThreadRole>();
}

void tell_membership(Outbox& outbox, const model::ThreadView& view, model::UserId user) {
    model::MemberUpdate update;
    update.thread = view.thread.id;
    update.user = user;
    update.member_count = view.member_count;
    if (view.membership) {
        update.role = view.membership->role;
        update.level = view.membership->level;
        update.muted_until = view.membership->muted_until;
    }
    tell(outbox, view.thread.id, update);
}

Task<bool> is_active_user(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user
) {
    const Rows rows = co_await connection.query(find_active_user, user, workspace);
    co_return !rows.empty();
}

Task<Result<model::Member>> set_member(
    Connection& connection,
    Outbox& outbox,
    storage::MemberChange change,
    storage::MemberRule rule
) {
    auto thread = co_await thread_for_change(connection, change.thread, change.caller);
    if (!thread) co_return no_such_thread();
    const auto role = co_await role_in(connection, thread->number, change.member);
    if (auto refused = rule(thread->view, role)) co_return std::move(*refused);
    if (!role) {
        const model::Thread& about = thread->view.thread;
        const bool active = co_await is_active_user(connection, about.workspace, change.member);
        if (!active) co_return no_such_user();
        NewMember member;
        member.thread = change.thread;
        member.thread_number = thread->number;
        member.user = change.member;
        member.role = change.role;
        member.read_seq = about.seq;
        member.joined_at = change.now;
        member.member_count = thread->view.member_count + 1;
        co_await add_member(connection, outbox, member);
        co_return model::Member{change.member, change.role, change.now};
    }
    if (*role != change.role) {
        co_await connection.query(write_role, thread->number, change.member, change.role);
        co_await connection.query(change_access, thread->number);
        auto changed = co_await find_thread(connection, change.thread, change.member);
        tell_membership(outbox, changed->view, change.member);
        co_await promote_if_orphaned(connection, outbox, *thread);
    }
    Rows rows = co_await connection.query(find_member, thread->number, change.member);
    Row row = rows[0];
    const auto now_is = row.choice<model::ThreadRole>();
    co_return model::Member{change.member, now_is, row.time()};
}

Task<Result<model::ThreadView>> remove_member(
    Connection& connection,
    Outbox& outbox,
    storage::MemberChange change,
    storage::MemberRule rule
) {
    auto thread = co_await thread_for_change(connection, change.thread, change.caller);
    if (!thread) co_return no_such_thread();
    const auto role = co_await role_in(connection, thread->number, change.member);
    if (auto refused = rule(thread->view, role)) co_return std::move(*refused);
    if (role) co_await drop_membership(connection, outbox, *thread, change.member, *role);
    auto left = co_await find_thread(connection, change.thread, change.caller);
    co_return std::move(left->view);
}

Task<Result<model::Page<model::Member>>> list_members(
    Connection& connection,
    model::ThreadId id,
    model::UserId viewer,
    model::PageRequest request,
    storage::ThreadRule rule
) {
    auto thread = co_await find_thread(connection, id, viewer);
    if (!thread) co_return no_such_thread();
    if (auto refused = rule(thread->view)) co_return std::move(*refused);
    model::UserId after;
    if (request.cursor) {
        const auto start = model::UserId::parse(*request.cursor);
        if (!start) co_return model::Page<model::Member>{};
        after = *start;
    }
    Rows rows = co_await connection.query(members_after, thread->number, after, request.limit + 1);
    model::Page<model::Member> page;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (page.items.size() == request.limit) {
            page.next = page.items.back().user.text();
            break;
        }
        Row row = rows[i];
        model::Member member;
        member.user = row.id<model::UserId>();
        member.role = row.choice<model::ThreadRole>();
        member.joined_at = row.time();
        page.items.push_back(member);
    }
    co_return std::move(page);
}

Task<Result<model::ThreadView>> write_preferences(
    Connection& connection,
    Outbox& outbox,
    storage::Preferences preferences,
    storage::ThreadRule rule
) {
    auto thread = co_await thread_for_change(connection, preferences.thread, preferences.user);
    if (!thread) co_return no_such_thread();
    if (auto refused = rule(thread->view)) co_return std::move(*refused);
    CHECK(thread->view.membership.has_value());
    const model::Membership& before = *thread->view.membership;
    const bool changes =
        before.level != preferences.level || before.muted_until != preferences.muted_until;
    if (changes) {
        co_await connection.query(
            write_level,
            thread->number,
            preferences.user,
            preferences.level,
            preferences.muted_until
        );
    }
    auto changed = co_await find_thread(connection, preferences.thread, preferences.user);
    if (changes) tell_membership(outbox, changed->view, preferences.user);
    co_return std::move(changed->view);
}

Task<Result<model::ThreadView>> hide_thread(
    Connection& connection,
    Outbox& outbox,
    model::ThreadId id,
    model::UserId user,
    storage::ThreadRule rule
) {
    auto thread = co_await thread_for_change(connection, id, user);
    if (!thread) co_return no_such_thread();
    if (auto refused = rule(thread->view)) co_return std::move(*refused);
    CHECK(thread->view.membership.has_value());
    co_await connection.query(write_hidden, thread->number, user, thread->view.thread.seq);
    tell(outbox, id, model::ThreadRemoved{id, user});
    auto hidden = co_await find_thread(connection, id, user);
    co_return std::move(hidden->view);
}

Task<> unhide_thread(
    Connection& connection,
    Outbox& outbox,
    model::ThreadId id,
    model::UserId user
) {
    auto thread = co_await thread_for_change(connection, id, user);
    CHECK(thread.has_value() && thread->view.membership.has_value());
    Rows rows = co_await connection.query(find_hidden, thread->number, user);
    if (rows[0].next_is_null()) co_return;
    co_await connection.query(write_hidden, thread->number, user, std::nullopt);
    tell_membership(outbox, thread->view, user);
}

Task<std::vector<model::ThreadId>> watched_threads(
    Connection& connection,
    model::UserId user,
    storage::Watch watch
) {
    Rows rows = co_await connection.query(newest_threads_of, user, watch.all_max + 1);
    if (rows.size() > watch.all_max) {
        const std::int64_t since = used_day(watch.used_since);
        rows = co_await connection.query(used_threads_of, user, since, watch.used_max);
    }
    std::vector<model::ThreadId> threads;
    threads.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) threads.push_back(rows[i].id<model::ThreadId>());
    co_return threads;
}

}  // namespace banter::sql
