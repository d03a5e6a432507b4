#include "storage/sql/thread_rows.hpp"

#include "model/limits.hpp"
#include "storage/sql/message_codec.hpp"

#include <algorithm>

namespace banter::sql {

// threads_by_id, then the primary key of members.
const Statement thread_row_for_change{
    "SELECT " BANTER_THREAD_COLUMNS "0 FROM threads t " BANTER_MEMBER_JOIN BANTER_PARENT_JOIN
    "WHERE t.id = $1",
    "SELECT number FROM threads WHERE id = $1 FOR NO KEY UPDATE"};

namespace {

// The primary keys of threads and members.
constexpr Statement row_by_number_for_change{
    "SELECT " BANTER_THREAD_COLUMNS "0 FROM threads t " BANTER_MEMBER_JOIN BANTER_PARENT_JOIN
    "WHERE t.number = $1",
    "SELECT number FROM threads WHERE number = $1 FOR NO KEY UPDATE"};

// threads_by_id, then the primary keys of members and mentions.
constexpr Statement row_by_id{"SELECT " BANTER_THREAD_COLUMNS BANTER_MENTION_COUNT
                              "FROM threads t " BANTER_MEMBER_JOIN BANTER_PARENT_JOIN
                              "WHERE t.id = $1"};

// The primary keys of threads, members and mentions.
constexpr Statement row_by_number{"SELECT " BANTER_THREAD_COLUMNS BANTER_MENTION_COUNT
                                  "FROM threads t " BANTER_MEMBER_JOIN BANTER_PARENT_JOIN
                                  "WHERE t.number = $1"};

std::optional<ThreadRow> first_of(Rows rows) {
    if (rows.empty()) return std::nullopt;
    return thread_row_from(rows[0]);
}

std::optional<model::ParentMessage> parent_from(Row& row) {
    const auto thread = row.optional_id<model::ThreadId>();
    const auto message = row.optional_id<model::MessageId>();
    if (!thread || !message) return std::nullopt;
    return model::ParentMessage{*thread, *message};
}

/// Five columns: number, kind, visibility, archived_at, the viewer's role.
std::optional<model::ParentAccess> parent_access_from(Row& row, std::int64_t& number) {
    constexpr std::size_t further_columns = 4;
    if (row.next_is_null()) {
        row.skip(further_columns);
        return std::nullopt;
    }
    model::ParentAccess access;
    number = row.integer();
    access.kind = row.choice<model::ThreadKind>();
    access.visibility = row.choice<model::Visibility>();
    access.archived = row.optional_time().has_value();
    if (!row.next_is_null()) access.role = row.choice<model::ThreadRole>();
    return access;
}

std::optional<model::Membership> membership_from(Row& row, model::Seq seq) {
    if (row.next_is_null()) return std::nullopt;
    model::Membership membership;
    membership.role = row.choice<model::ThreadRole>();
    membership.read_seq = row.number();
    CHECK(membership.read_seq <= seq);
    membership.unread = seq - membership.read_seq;
    membership.read_turn = row.number();
    membership.level = row.choice<model::Level>();
    membership.muted_until = row.optional_time();
    membership.mentions = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(row.number(), model::limits::mention_count_max)
    );
    return membership;
}

}  // namespace

ThreadRow thread_row_from(Row row) {
    ThreadRow out;
    model::Thread& thread = out.view.thread;
    out.number = row.integer();
    out.access_number = out.number;
    out.view.member_count = row.number();
    thread.id = row.id<model::ThreadId>();
    thread.workspace = row.id<model::WorkspaceId>();
    thread.kind = row.choice<model::ThreadKind>();
    thread.visibility = row.choice<model::Visibility>();
    thread.name = row.text();
    thread.topic = row.text();
    thread.parent = parent_from(row);
    thread.people = decode_users(row.bytes());
    thread.seq = row.number();
    thread.rev = row.number();
    thread.access_rev = row.number();
    thread.first_seq = row.number();
    thread.created_by = row.id<model::UserId>();
    thread.created_at = row.time();
    thread.archived_at = row.optional_time();
    out.view.parent = parent_access_from(row, out.access_number);
    if (out.view.parent) thread.visibility = out.view.parent->visibility;
    out.view.membership = membership_from(row, thread.seq);
    return out;
}

Task<std::optional<ThreadRow>> thread_for_change(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer
) {
    co_return first_of(co_await connection.query(thread_row_for_change, thread, viewer));
}

Task<std::optional<ThreadRow>> thread_of_place_for_change(
    Connection& connection,
    Place place,
    model::UserId viewer
) {
    co_return first_of(
        co_await connection.query(row_by_number_for_change, thread_number_of(place), viewer)
    );
}

Task<std::optional<ThreadRow>> find_thread(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer
) {
    co_return first_of(co_await connection.query(row_by_id, thread, viewer, everyone));
}

Task<std::optional<ThreadRow>> find_thread_of_place(
    Connection& connection,
    Place place,
    model::UserId viewer
) {
    co_return first_of(
        co_await connection.query(row_by_number, thread_number_of(place), viewer, everyone)
    );
}

Error no_such_thread() { return {Errc::not_found, "there is no such thread"}; }

}  // namespace banter::sql
