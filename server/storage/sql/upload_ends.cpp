// SqlUploadStore of storage/sql/file_store.hpp: how its uploads end, and what is left of them.
#include "storage/sql/file_store.hpp"
#include "storage/sql/file_usage.hpp"
#include "storage/sql/upload_parts.hpp"

#include <utility>

namespace banter::sql {

namespace {

// uploads_by_expiry, then the primary key.
constexpr Statement drop_expired_uploads{
    "UPDATE uploads SET dropped = 1 WHERE id IN (SELECT id FROM uploads WHERE dropped = 0 "
    "AND expires_at <= $1 AND claimed_until <= $1 ORDER BY expires_at LIMIT $2)"};
// uploads_by_expiry.
constexpr Statement any_expired{
    "SELECT 1 FROM uploads WHERE dropped = 0 AND expires_at <= $1 AND claimed_until <= $1 LIMIT 1"};

// uploads_dropped.
constexpr Statement dropped_uploads{
    "SELECT id FROM uploads WHERE dropped = 1 ORDER BY id LIMIT $1"};
// uploads_with_spent_parts.
constexpr Statement uploads_with_spent_parts{
    "SELECT id FROM uploads WHERE dropped = 0 AND file IS NOT NULL AND parts > 0 "
    "ORDER BY id LIMIT $1"};

// The primary key of upload_parts, twice.
constexpr Statement forget_parts{
    "DELETE FROM upload_parts WHERE upload = $1 AND at IN "
    "(SELECT at FROM upload_parts WHERE upload = $1 ORDER BY at LIMIT $2) RETURNING 1"};
// The primary key.
constexpr Statement count_forgotten{"UPDATE uploads SET parts = parts - $2 WHERE id = $1"};
constexpr Statement forget_upload{
    "DELETE FROM uploads WHERE id = $1 AND dropped = 1 AND parts = 0 "
    "RETURNING user_id, bytes, file"};

Task<bool> is_any_expired(Connection& connection, Timestamp now) {
    const Rows any = co_await connection.query(any_expired, now);
    co_return !any.empty();
}

Task<bool> drop_expired_now(Connection& connection, Outbox&, Timestamp now, std::size_t count_max) {
    co_await connection.query(drop_expired_uploads, now, count_max);
    co_return true;
}

/// Appends to `spent` the first parts of each of the uploads.
Task<> add_parts(
    Connection& connection,
    Rows uploads,
    std::vector<storage::DroppedObjects>& spent
) {
    for (std::size_t i = 0; i < uploads.size(); ++i) {
        const auto id = uploads[i].id<model::UploadId>();
        storage::DroppedObjects& one = spent.emplace_back();
        one.owner = id;
        const auto parts = co_await read_parts(connection, id, 0);
        for (const auto& part : parts) one.objects.push_back(part.object);
    }
}

Task<std::vector<storage::DroppedObjects>> read_spent_parts(
    Connection& connection,
    std::size_t count_max
) {
    std::vector<storage::DroppedObjects> spent;
    Rows dropped = co_await connection.query(dropped_uploads, count_max);
    co_await add_parts(connection, std::move(dropped), spent);
    Rows finished = co_await connection.query(uploads_with_spent_parts, count_max);
    co_await add_parts(connection, std::move(finished), spent);
    co_return spent;
}

Task<bool> forget_upload_now(Connection& connection, Outbox&, model::UploadId id) {
    const Rows parts = co_await connection.query(forget_parts, id, storage::upload_parts_page);
    co_await connection.query(count_forgotten, id, parts.size());
    Rows rows = co_await connection.query(forget_upload, id);
    if (rows.empty()) co_return true;
    Row row = rows[0];
    const auto user = row.id<model::UserId>();
    const std::int64_t bytes = row.integer();
    // Its file's bytes are counted in their place.
    if (row.next_is_null()) co_await count_usage(connection, user, -bytes);
    co_return true;
}

}  // namespace

Task<std::vector<storage::DroppedObjects>> SqlUploadStore::drop_expired(
    Timestamp now,
    std::size_t count_max
) {
    // Mostly nothing is due, and looking needs no turn of the writer.
    const bool any = co_await database_.read(is_any_expired, now);
    if (any) (void)co_await database_.write(drop_expired_now, now, count_max);
    co_return co_await database_.read(read_spent_parts, count_max);
}

Task<> SqlUploadStore::forget(model::UploadId upload) {
    return finished(database_.write(forget_upload_now, upload));
}

}  // namespace banter::sql
