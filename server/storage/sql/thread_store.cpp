#include "storage/sql/thread_store.hpp"

#include "model/limits.hpp"
#include "storage/sql/cursor.hpp"
#include "storage/sql/fold.hpp"
#include "storage/sql/membership.hpp"
#include "storage/sql/pages.hpp"
#include "storage/sql/thread_making.hpp"
#include "storage/sql/thread_rows.hpp"
#include "storage/sql/used_day.hpp"

#include <algorithm>
#include <utility>

namespace banter::sql {

namespace {

// members_by_user from the newest on; then the primary keys of threads and mentions.
constexpr Statement threads_of_member{
    "SELECT m.joined_at, " BANTER_THREAD_COLUMNS BANTER_MENTION_COUNT
    "FROM members m JOIN threads t ON t.number = m.thread " BANTER_PARENT_JOIN
    "WHERE m.user_id = $1 AND (m.joined_at, m.thread) < ($4, $5) "
    "AND (m.hidden_seq IS NULL OR m.hidden_seq < t.seq) "
    "ORDER BY m.joined_at DESC, m.thread DESC LIMIT $6"};

// channels_in_order from the cursor on, which has all that is asked of a channel, for the page
// alone; then the primary keys of threads, members and mentions. What a name holds it is another
// without, and both dialects know replace().
constexpr Statement channels_like{
    "SELECT t.folded_name, " BANTER_THREAD_COLUMNS BANTER_MENTION_COUNT
    "FROM (SELECT c.number FROM threads c "
    "WHERE c.workspace_id = $1 AND c.kind = 0 AND c.visibility = 0 AND c.archived_at IS NULL "
    "AND (c.folded_name, c.number) > ($4, $5) AND ($6 = '' OR replace(c.folded_name, $6, '') <> "
    "c.folded_name) ORDER BY c.folded_name, c.number LIMIT $7) AS found "
    "JOIN threads t ON t.number = found.number " BANTER_MEMBER_JOIN BANTER_PARENT_JOIN
    "ORDER BY t.folded_name, t.number"};

// threads_by_id and the primary key of messages. A marker says when it was set as far as it
// matters: not before the message that it stands at, and where that is old, what has come since is
// unread.
constexpr Statement find_marked{
    "SELECT t.number, t.seq, (SELECT s.created_at FROM messages s WHERE s.place = "
    "(t.number << 32) + CASE WHEN $2 < t.seq THEN $2 ELSE t.seq END) FROM threads t "
    "WHERE t.id = $1"};

// The primary key of members. A row of before it had its thread's id gets it.
constexpr Statement read_up_to{
    "UPDATE members SET read_seq = $3, thread_id = $5, "
    "used_day = CASE WHEN used_day < $6 THEN $6 ELSE used_day END "
    "WHERE thread = $1 AND user_id = $2 AND read_seq < $3 AND read_turn = $4"};
constexpr Statement read_exactly{
    "UPDATE members SET read_seq = $3, read_turn = read_turn + 1, thread_id = $4, "
    "used_day = CASE WHEN used_day < $5 THEN $5 ELSE used_day END "
    "WHERE thread = $1 AND user_id = $2"};

// threads_by_id.
constexpr Statement mentions_above{
    "SELECT " BANTER_MENTIONS_ABOVE("$4") "FROM threads t WHERE t.id = $1"};

Task<std::optional<model::ThreadView>> find_view(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer
) {
    auto found = co_await find_thread(connection, thread, viewer);
    if (!found) co_return std::nullopt;
    co_return std::move(found->view);
}

template <typename SortKey>
model::Page<model::ThreadView> page_from(Rows rows, std::size_t limit, SortKey sort_key) {
    auto read = [&sort_key](Row& row, Cursor& last) {
        sort_key(row, last);
        ThreadRow thread = thread_row_from(row);
        last.number = thread.number;
        return std::move(thread.view);
    };
    return page_of<model::ThreadView>(std::move(rows), limit, read);
}

/// Before the first row of each list.
Cursor newest_first() { return {.text = {}, .time = INT64_MAX, .number = INT64_MAX}; }

Cursor by_name() { return {.text = {}, .time = 0, .number = -1}; }

/// Where the asked page begins; nothing for a cursor that is none.
std::optional<Cursor> start_of(const model::PageRequest& page, Cursor beginning) {
    if (!page.cursor) return beginning;
    return decode_cursor(*page.cursor);
}

Task<model::Page<model::ThreadView>> list_threads(
    Connection& connection,
    model::UserId member,
    model::PageRequest page
) {
    const auto start = start_of(page, newest_first());
    if (!start) co_return model::Page<model::ThreadView>{};
    Rows rows = co_await connection.query(
        threads_of_member, member, member, everyone, start->time, start->number, page.limit + 1
    );
    auto sort_key = [](Row& row, Cursor& cursor) { cursor.time = row.integer(); };
    co_return page_from(std::move(rows), page.limit, sort_key);
}

Task<model::Page<model::ThreadView>> discover_channels(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId viewer,
    std::string query,
    model::PageRequest page
) {
    const auto start = start_of(page, by_name());
    if (!start) co_return model::Page<model::ThreadView>{};
    Rows rows = co_await connection.query(
        channels_like,
        workspace,
        viewer,
        everyone,
        start->text,
        start->number,
        folded(query),
        page.limit + 1
    );
    auto sort_key = [](Row& row, Cursor& cursor) { cursor.text = row.text(); };
    co_return page_from(std::move(rows), page.limit, sort_key);
}

Task<Result<model::ThreadView>> join_thread(
    Connection& connection,
    Outbox& outbox,
    model::ThreadId id,
    model::UserId user,
    Timestamp now,
    storage::ThreadRule rule
) {
    auto thread = co_await thread_for_change(connection, id, user);
    if (!thread) co_return no_such_thread();
    if (auto refused = rule(thread->view)) co_return std::move(*refused);
    if (!thread->view.membership) {
        NewMember member;
        member.thread = id;
        member.thread_number = thread->number;
        member.user = user;
        member.read_seq = thread->view.thread.seq;
        member.joined_at = now;
        member.member_count = thread->view.member_count + 1;
        co_await add_member(connection, outbox, member);
    }
    auto joined = co_await find_thread(connection, id, user);
    co_return std::move(joined->view);
}

/// A database with several writers keeps each marker locked until its transaction ends, and whoever
/// sends moves one too.
constexpr std::ptrdiff_t marks_of_transaction = 64;

Task<bool> write_marks(Connection& connection, Outbox&, std::vector<storage::ReadMark> marks) {
    for (const auto& mark : marks) {
        const model::Seq wanted = std::min(mark.seq, (model::Seq{1} << seq_bits) - 1);
        Rows thread = co_await connection.query(find_marked, mark.thread, wanted);
        if (thread.empty()) continue;
        Row row = thread[0];
        const std::int64_t number = row.integer();
        const model::Seq seq = std::min(wanted, row.number());
        std::optional<std::int64_t> day;
        if (const auto written_at = row.optional_time()) day = used_day(*written_at);
        if (mark.may_go_back) {
            co_await connection.query(read_exactly, number, mark.user, seq, mark.thread, day);
        } else {
            co_await connection.query(
                read_up_to, number, mark.user, seq, mark.turn, mark.thread, day
            );
        }
    }
    co_return true;
}

Task<std::uint32_t> mentions_of(
    Connection& connection,
    model::ThreadId thread,
    model::UserId user,
    model::Seq above
) {
    // Above any seq that a place can hold nothing is mentioned.
    if (above >= model::Seq{1} << seq_bits) co_return 0;
    Rows rows = co_await connection.query(mentions_above, thread, user, everyone, above);
    if (rows.empty()) co_return 0;
    co_return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(rows[0].number(), model::limits::mention_count_max)
    );
}

}  // namespace

Task<Result<model::ThreadView>> SqlThreadStore::create(storage::NewThread thread) {
    return database_.write_beside(make_thread, std::move(thread));
}

Task<Result<storage::FoundOrMade>> SqlThreadStore::find_or_make_direct(storage::NewThread thread) {
    return database_.write_beside(sql::find_or_make_direct, std::move(thread));
}

Task<Result<storage::FoundOrMade>> SqlThreadStore::find_or_make_reply(
    storage::NewReplyThread thread,
    storage::ThreadRule rule
) {
    return database_.write_beside(sql::find_or_make_reply, std::move(thread), std::move(rule));
}

Task<Result<model::ThreadView>> SqlThreadStore::change(
    model::ChangeThread change,
    model::UserId caller,
    Timestamp now,
    storage::ThreadRule rule
) {
    return database_.write_beside(change_thread, std::move(change), caller, now, std::move(rule));
}

Task<Result<model::Member>> SqlThreadStore::set_member(
    storage::MemberChange change,
    storage::MemberRule rule
) {
    return database_.write_beside(sql::set_member, change, std::move(rule));
}

Task<Result<model::ThreadView>> SqlThreadStore::remove_member(
    storage::MemberChange change,
    storage::MemberRule rule
) {
    return database_.write_beside(sql::remove_member, change, std::move(rule));
}

Task<Result<model::Page<model::Member>>> SqlThreadStore::members(
    model::ThreadId thread,
    model::UserId viewer,
    model::PageRequest page,
    storage::ThreadRule rule
) {
    return database_.read(list_members, thread, viewer, std::move(page), std::move(rule));
}

Task<Result<model::ThreadView>> SqlThreadStore::set_preferences(
    storage::Preferences preferences,
    storage::ThreadRule rule
) {
    return database_.write_beside(write_preferences, preferences, std::move(rule));
}

Task<Result<model::ThreadView>> SqlThreadStore::hide(
    model::ThreadId thread,
    model::UserId user,
    storage::ThreadRule rule
) {
    return database_.write_beside(hide_thread, thread, user, std::move(rule));
}

Task<std::vector<model::ThreadId>> SqlThreadStore::watched(
    model::UserId user,
    storage::Watch watch
) {
    return database_.read(watched_threads, user, watch);
}

Task<std::optional<model::ThreadView>> SqlThreadStore::find(
    model::ThreadId thread,
    model::UserId viewer
) {
    return database_.read(find_view, thread, viewer);
}

Task<model::Page<model::ThreadView>> SqlThreadStore::list(
    model::UserId member,
    model::PageRequest page
) {
    return database_.read(list_threads, member, std::move(page));
}

Task<model::Page<model::ThreadView>> SqlThreadStore::discover(
    model::WorkspaceId workspace,
    model::UserId viewer,
    std::string query,
    model::PageRequest page
) {
    return database_.read(discover_channels, workspace, viewer, std::move(query), std::move(page));
}

Task<Result<model::ThreadView>> SqlThreadStore::join(
    model::ThreadId thread,
    model::UserId user,
    Timestamp now,
    storage::ThreadRule rule
) {
    return database_.write_beside(join_thread, thread, user, now, std::move(rule));
}

Task<> SqlThreadStore::mark_read(std::vector<storage::ReadMark> marks) {
    auto from = marks.begin();
    do {
        const auto count = std::min(marks.end() - from, marks_of_transaction);
        std::vector<storage::ReadMark> some(from, from + count);
        static_cast<void>(co_await database_.write_beside(write_marks, std::move(some)));
        from += count;
    } while (from != marks.end());
}

Task<std::uint32_t> SqlThreadStore::count_mentions(
    model::ThreadId thread,
    model::UserId user,
    model::Seq above
) {
    return database_.read(mentions_of, thread, user, above);
}

}  // namespace banter::sql
