#include "storage/postgres/change_store.hpp"

#include "storage/sql/thread_rows.hpp"

#include <string>

namespace banter::postgres {

namespace {

using sql::Connection;
using sql::Row;
using sql::Rows;
using sql::Statement;

/// Rows of one statement; there are more if it is full.
constexpr std::size_t page = 5'000;

constexpr Statement now_is{"SELECT banter_tick()"};

// threads_by_tick from a place on.
constexpr Statement threads_since{
    "SELECT changed_tick, number, id, rev, access_rev, "
    "CASE WHEN access_tick >= $3 THEN 1 ELSE 0 END FROM threads "
    "WHERE (changed_tick, number) > ($1, $2) ORDER BY changed_tick, number LIMIT $4"};

// members_by_tick from a place on, then the primary key of threads.
constexpr Statement members_since{
    "SELECT m.added_tick, m.thread, m.user_id, t.id, m.role, m.level, m.muted_until, "
    "t.member_count FROM members m JOIN threads t ON t.number = m.thread "
    "WHERE m.added_tick > 0 AND (m.added_tick, m.thread, m.user_id) > ($1, $2, $3) "
    "ORDER BY m.added_tick, m.thread, m.user_id LIMIT $4"};

// threads_by_id.
constexpr Statement find_thread{
    "SELECT number, member_count, kind, visibility FROM threads WHERE id = $1"};

// The primary keys of members and users. $2: the users' ids, one after the other.
constexpr Statement not_members{
    "SELECT a.user_id, coalesce(u.role, $3) "
    "FROM (SELECT substring($2 FROM at * 16 + 1 FOR 16) AS user_id "
    "FROM generate_series(0, octet_length($2) / 16 - 1) AS at) a "
    "LEFT JOIN members m ON m.thread = $1 AND m.user_id = a.user_id "
    "LEFT JOIN users u ON u.id = a.user_id WHERE m.user_id IS NULL"};

Task<> read_threads(Connection& connection, storage::RecentChanges* changes, storage::Tick from) {
    std::int64_t tick = from - 1;
    std::int64_t number = std::numeric_limits<std::int64_t>::max();
    for (std::size_t found = page; found == page;) {
        Rows rows = co_await connection.query(threads_since, tick, number, from, page);
        found = rows.size();
        for (std::size_t i = 0; i < found; ++i) {
            Row row = rows[i];
            tick = row.integer();
            number = row.integer();
            storage::ChangedThread changed;
            changed.thread = row.id<model::ThreadId>();
            changed.rev = row.number();
            changed.access_rev = row.number();
            changed.access_changed = row.flag();
            changes->threads.push_back(changed);
        }
    }
}

Task<> read_members(Connection& connection, storage::RecentChanges* changes, storage::Tick from) {
    std::int64_t tick = from - 1;
    std::int64_t number = std::numeric_limits<std::int64_t>::max();
    model::UserId user;
    for (std::size_t found = page; found == page;) {
        Rows rows = co_await connection.query(members_since, tick, number, user, page);
        found = rows.size();
        for (std::size_t i = 0; i < found; ++i) {
            Row row = rows[i];
            tick = row.integer();
            number = row.integer();
            user = row.id<model::UserId>();
            model::MemberUpdate update;
            update.user = user;
            update.thread = row.id<model::ThreadId>();
            update.role = row.choice<model::ThreadRole>();
            update.level = row.choice<model::Level>();
            update.muted_until = row.optional_time();
            update.member_count = row.number();
            changes->members.push_back(update);
        }
    }
}

Task<storage::RecentChanges> read_recent(
    Connection& connection,
    storage::Tick since,
    storage::Tick before
) {
    storage::RecentChanges changes;
    Rows now = co_await connection.query(now_is);
    changes.now = now[0].integer();
    const storage::Tick from =
        std::max<storage::Tick>((since > 0 ? since : changes.now) - before, 1);
    co_await read_threads(connection, &changes, from);
    co_await read_members(connection, &changes, from);
    co_return changes;
}

sql::Bytes joined(const std::vector<model::UserId>& users) {
    sql::Bytes ids;
    for (const model::UserId& user : users) {
        ids.data.append(user.uuid.bytes.begin(), user.uuid.bytes.end());
    }
    return ids;
}

Task<storage::ThreadAccess> read_access(
    Connection& connection,
    model::ThreadId thread,
    std::vector<model::UserId> users
) {
    storage::ThreadAccess access;
    Rows found = co_await connection.query(find_thread, thread);
    if (found.empty()) co_return access;
    Row head = found[0];
    const std::int64_t number = head.integer();
    access.member_count = head.number();
    const bool channel = head.choice<model::ThreadKind>() == model::ThreadKind::channel;
    const bool open = head.choice<model::Visibility>() == model::Visibility::public_;
    access.members_only = !channel || !open;
    Rows rows =
        co_await connection.query(not_members, number, joined(users), model::WorkspaceRole::guest);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        storage::LostReader lost;
        lost.user = row.id<model::UserId>();
        const bool guest = row.choice<model::WorkspaceRole>() == model::WorkspaceRole::guest;
        lost.hidden = access.members_only || guest;
        access.lost.push_back(lost);
    }
    co_return access;
}

}  // namespace

Task<storage::RecentChanges> PostgresChangeStore::recent(
    storage::Tick since,
    storage::Tick before
) {
    return database_.read(read_recent, since, before);
}

Task<storage::ThreadAccess> PostgresChangeStore::check_access(
    model::ThreadId thread,
    std::vector<model::UserId> users
) {
    return database_.read(read_access, thread, std::move(users));
}

}  // namespace banter::postgres
