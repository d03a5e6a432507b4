#include "storage/sql/thread_making.hpp"

#include "storage/sql/ending.hpp"
#include "storage/sql/fold.hpp"
#include "storage/sql/membership.hpp"
#include "storage/sql/message_codec.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/tell.hpp"
#include "storage/sql/thread_rows.hpp"

#include <algorithm>
#include <utility>

namespace banter::sql {

namespace {

// channels_by_name.
constexpr Statement find_channel{
    "SELECT id FROM threads WHERE workspace_id = $1 AND name = $2 AND kind = 0 AND visibility = 0"};

constexpr Statement insert_thread{
    "INSERT INTO threads (id, seq, rev, access_rev, first_seq, member_count, workspace_id, kind, "
    "visibility, name, folded_name, topic, created_by, created_at, people, parent_thread_id, "
    "parent_message_id) "
    "VALUES ($1, 0, 0, 0, 1, 0, $2, $3, $4, $5, $6, '', $7, $8, $9, $10, $11) RETURNING number"};

// directs_by_people.
constexpr Statement find_direct{"SELECT id FROM threads WHERE workspace_id = $1 AND people = $2"};

// replies_by_message.
constexpr Statement find_replies{"SELECT id FROM threads WHERE parent_message_id = $1"};

// The primary key.
constexpr Statement write_thread{
    "UPDATE threads SET name = $2, folded_name = $3, topic = $4, visibility = $5, "
    "archived_at = $6, rev = $7, access_rev = $8 WHERE number = $1"};

Error name_is_taken() { return {Errc::conflict, "name: there is a channel of this name"}; }

bool is_public_channel(model::ThreadKind kind, model::Visibility visibility) {
    return kind == model::ThreadKind::channel && visibility == model::Visibility::public_;
}

/// Whether another thread has the name that this one is to have.
Task<bool> is_taken(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string name,
    model::ThreadId by_other_than
) {
    Rows rows = co_await connection.query(find_channel, workspace, name);
    co_return !rows.empty() && rows[0].id<model::ThreadId>() != by_other_than;
}

/// The creator first, everybody once.
std::vector<model::UserId> people_of(const storage::NewThread& thread) {
    std::vector<model::UserId> people{thread.created_by};
    people.insert(people.end(), thread.members.begin(), thread.members.end());
    return distinct(std::move(people));
}

Task<bool> are_active(
    Connection& connection,
    model::WorkspaceId workspace,
    std::vector<model::UserId> people
) {
    for (const auto& user : people) {
        const bool active = co_await is_active_user(connection, workspace, user);
        if (!active) co_return false;
    }
    co_return true;
}

/// A thread's row as it is inserted, and who is in it from the start.
struct ThreadToMake {
    storage::NewThread thread;
    /// Of a direct thread.
    std::optional<Bytes> people_key;
    std::optional<model::ParentMessage> parent;
    std::vector<model::UserId> people;
    /// Of its creator; everybody else is a member.
    model::ThreadRole creator_role = model::ThreadRole::owner;
};

Task<model::ThreadView> insert(Connection& connection, Outbox& outbox, ThreadToMake wanted) {
    const storage::NewThread& thread = wanted.thread;
    std::optional<model::ThreadId> parent_thread;
    std::optional<model::MessageId> parent_message;
    if (wanted.parent) {
        parent_thread = wanted.parent->thread;
        parent_message = wanted.parent->message;
    }
    Rows added = co_await connection.query(
        insert_thread,
        thread.id,
        thread.workspace,
        thread.kind,
        thread.visibility,
        thread.name,
        folded(thread.name),
        thread.created_by,
        thread.created_at,
        wanted.people_key,
        parent_thread,
        parent_message
    );
    NewMember member;
    member.thread = thread.id;
    member.thread_number = added[0].integer();
    member.joined_at = thread.created_at;
    for (const auto& user : wanted.people) {
        member.user = user;
        member.role = model::ThreadRole::member;
        if (user == thread.created_by) member.role = wanted.creator_role;
        ++member.member_count;
        co_await add_member(connection, outbox, member);
    }
    auto made = co_await find_thread(connection, thread.id, thread.created_by);
    CHECK(made.has_value());
    co_return std::move(made->view);
}

Task<Result<storage::FoundOrMade>> found(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer
) {
    auto row = co_await find_thread(connection, thread, viewer);
    CHECK(row.has_value());
    co_return storage::FoundOrMade{std::move(row->view), false};
}

/// Who hears of replies from the start: who began them and who wrote the message, while they are
/// in the thread it stands in.
Task<std::vector<model::UserId>> first_readers(
    Connection& connection,
    ThreadRow parent,
    model::UserId creator,
    model::UserId author
) {
    std::vector<model::UserId> wanted{creator, author};
    std::vector<model::UserId> readers;
    for (const auto& user : distinct(std::move(wanted))) {
        const auto role = co_await role_in(connection, parent.number, user);
        if (role) readers.push_back(user);
    }
    co_return readers;
}

/// The thread as the change makes it.
model::Thread changed(model::Thread thread, const model::ChangeThread& change, Timestamp now) {
    if (change.name) thread.name = *change.name;
    if (change.topic) thread.topic = *change.topic;
    if (change.visibility) thread.visibility = *change.visibility;
    if (change.archived && *change.archived != thread.archived_at.has_value()) {
        thread.archived_at.reset();
        if (*change.archived) thread.archived_at = now;
    }
    return thread;
}

Task<> write(Connection& connection, std::int64_t number, model::Thread thread) {
    co_await connection.query(
        write_thread,
        number,
        thread.name,
        folded(thread.name),
        thread.topic,
        thread.visibility,
        thread.archived_at,
        thread.rev,
        thread.access_rev
    );
}

}  // namespace

Task<Result<model::ThreadView>> make_thread(
    Connection& connection,
    Outbox& outbox,
    storage::NewThread thread
) {
    const bool named = is_public_channel(thread.kind, thread.visibility);
    bool taken = false;
    if (named) taken = co_await is_taken(connection, thread.workspace, thread.name, thread.id);
    if (taken) co_return name_is_taken();
    ThreadToMake wanted;
    const bool active = co_await are_active(connection, thread.workspace, thread.members);
    if (!active) co_return no_such_user();
    wanted.people = people_of(thread);
    wanted.thread = std::move(thread);
    co_return co_await insert(connection, outbox, std::move(wanted));
}

Task<Result<storage::FoundOrMade>> find_or_make_direct(
    Connection& connection,
    Outbox& outbox,
    storage::NewThread thread
) {
    ThreadToMake wanted;
    const bool active = co_await are_active(connection, thread.workspace, thread.members);
    if (!active) co_return no_such_user();
    wanted.people = people_of(thread);
    std::vector<model::UserId> in_order = wanted.people;
    std::sort(in_order.begin(), in_order.end());
    wanted.people_key = Bytes{encode_users(in_order)};
    Rows there = co_await connection.query(find_direct, thread.workspace, *wanted.people_key);
    if (!there.empty()) {
        const auto id = there[0].id<model::ThreadId>();
        co_await unhide_thread(connection, outbox, id, thread.created_by);
        co_return co_await found(connection, id, thread.created_by);
    }
    wanted.thread = std::move(thread);
    wanted.creator_role = model::ThreadRole::member;
    auto made = co_await insert(connection, outbox, std::move(wanted));
    co_return storage::FoundOrMade{std::move(made), true};
}

Task<Result<storage::FoundOrMade>> find_or_make_reply(
    Connection& connection,
    Outbox& outbox,
    storage::NewReplyThread reply,
    storage::ThreadRule rule
) {
    auto parent = co_await thread_for_change(connection, reply.parent.thread, reply.created_by);
    if (!parent) co_return no_such_thread();
    if (auto refused = rule(parent->view)) co_return std::move(*refused);
    if (parent->view.thread.parent)
        co_return Error{Errc::bad_request, "parent: replies have no replies of their own"};
    const auto place = co_await find_place(connection, reply.parent.message);
    if (!place || thread_number_of(*place) != parent->number)
        co_return Error{Errc::not_found, "there is no such message"};

    Rows there = co_await connection.query(find_replies, reply.parent.message);
    if (!there.empty()) {
        const auto id = there[0].id<model::ThreadId>();
        co_return co_await found(connection, id, reply.created_by);
    }
    auto messages =
        messages_from(co_await connection.query(message_by_place, *place), reply.parent.thread);
    const model::Message& message = messages.front();
    if (message.deleted_at) co_return Error{Errc::conflict, "the message is deleted"};
    ThreadToMake wanted;
    wanted.people = co_await first_readers(connection, *parent, reply.created_by, message.author);
    wanted.creator_role = model::ThreadRole::member;
    wanted.parent = reply.parent;
    wanted.thread.id = reply.id;
    wanted.thread.workspace = parent->view.thread.workspace;
    wanted.thread.kind = model::ThreadKind::reply;
    wanted.thread.visibility = parent->view.thread.visibility;
    wanted.thread.created_by = reply.created_by;
    wanted.thread.created_at = reply.created_at;
    auto made = co_await insert(connection, outbox, std::move(wanted));
    co_return storage::FoundOrMade{std::move(made), true};
}

Task<Result<model::ThreadView>> change_thread(
    Connection& connection,
    Outbox& outbox,
    model::ChangeThread change,
    model::UserId caller,
    Timestamp now,
    storage::ThreadRule rule
) {
    auto row = co_await thread_for_change(connection, change.thread, caller);
    if (!row) co_return no_such_thread();
    if (auto refused = rule(row->view)) co_return std::move(*refused);
    const model::Thread& before = row->view.thread;
    model::Thread after = changed(before, change, now);
    const bool opens_or_closes = after.visibility != before.visibility;
    const bool access_changes =
        opens_or_closes || after.archived_at.has_value() != before.archived_at.has_value();
    if (access_changes || after.name != before.name || after.topic != before.topic) {
        const bool named = is_public_channel(after.kind, after.visibility) &&
                           (opens_or_closes || after.name != before.name);
        bool taken = false;
        if (named) taken = co_await is_taken(connection, after.workspace, after.name, after.id);
        if (taken) co_return name_is_taken();
        ++after.rev;
        if (access_changes) ++after.access_rev;
        co_await write(connection, row->number, after);
        if (opens_or_closes && after.visibility == model::Visibility::private_)
            tell_revocation(outbox, model::Revocation{.thread = after.id});
        tell_change(outbox, after.id, after.rev, model::ThreadUpdate{after});
    }
    auto now_is = co_await find_thread(connection, change.thread, caller);
    co_return std::move(now_is->view);
}

}  // namespace banter::sql
