// SqlUploadStore of storage/sql/file_store.hpp.
#include "model/limits.hpp"
#include "storage/sql/file_rows.hpp"
#include "storage/sql/file_store.hpp"

#include <utility>

namespace banter::sql {

namespace {

#define BANTER_UPLOAD_COLUMNS "id, name, claimed_type, metadata, bytes, at, expires_at, file "

// uploads_by_user.
constexpr Statement count_uploads{
    "SELECT count(*) FROM uploads WHERE user_id = $1 AND dropped = 0"};
constexpr Statement add_upload{
    "INSERT INTO uploads (id, workspace_id, user_id, name, claimed_type, metadata, bytes, at, "
    "created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)"};

// The primary key.
constexpr Statement find_upload{"SELECT " BANTER_UPLOAD_COLUMNS
                                "FROM uploads WHERE id = $1 AND user_id = $2 AND dropped = 0"};
constexpr Statement upload_to_extend{"SELECT " BANTER_UPLOAD_COLUMNS
                                     "FROM uploads WHERE id = $1 AND dropped = 0"};
constexpr Statement move_on{"UPDATE uploads SET at = $2, expires_at = $3 WHERE id = $1"};
constexpr Statement add_part{
    "INSERT INTO upload_parts (upload, at, object, bytes) VALUES ($1, $2, $3, $4)"};

// The primary key of upload_parts.
constexpr Statement parts_of{
    "SELECT object, bytes FROM upload_parts WHERE upload = $1 ORDER BY at"};
constexpr Statement drop_parts{"DELETE FROM upload_parts WHERE upload = $1"};

// The primary key.
constexpr Statement drop_upload{
    "UPDATE uploads SET dropped = 1 WHERE id = $1 AND user_id = $2 AND dropped = 0 RETURNING 1"};
constexpr Statement forget_upload{"DELETE FROM uploads WHERE id = $1 AND dropped = 1"};

// uploads_by_expiry, then the primary key.
constexpr Statement drop_expired_uploads{
    "UPDATE uploads SET dropped = 1 WHERE id IN (SELECT id FROM uploads "
    "WHERE dropped = 0 AND expires_at <= $1 ORDER BY expires_at LIMIT $2)"};
// uploads_dropped.
constexpr Statement dropped_uploads{
    "SELECT id FROM uploads WHERE dropped = 1 ORDER BY id LIMIT $1"};

// uploads_by_expiry, uploads_dropped.
constexpr Statement any_to_drop{
    "SELECT 1 FROM uploads WHERE dropped = 0 AND expires_at <= $1 "
    "UNION ALL SELECT 1 FROM uploads WHERE dropped = 1 LIMIT 1"};

model::Upload upload_from(Row row) {
    model::Upload upload;
    upload.id = row.id<model::UploadId>();
    upload.name = row.text();
    upload.claimed_type = row.text();
    upload.metadata = row.text();
    upload.bytes = row.number();
    upload.offset = row.number();
    upload.expires_at = row.time();
    upload.file = row.optional_id<model::FileId>();
    return upload;
}

Task<Result<model::Upload>> begin_upload(
    Connection& connection,
    Outbox&,
    storage::NewUpload wanted
) {
    Rows count = co_await connection.query(count_uploads, wanted.user);
    if (count[0].number() >= model::limits::uploads_max) {
        co_return Error{Errc::too_large, "too many uploads are under way; finish or end one first"};
    }
    const model::Upload& upload = wanted.upload;
    co_await connection.query(
        add_upload,
        upload.id,
        wanted.workspace,
        wanted.user,
        upload.name,
        upload.claimed_type,
        upload.metadata,
        upload.bytes,
        wanted.created_at,
        upload.expires_at
    );
    co_return std::move(wanted.upload);
}

Task<std::optional<model::Upload>> read_upload(
    Connection& connection,
    model::UploadId id,
    model::UserId user
) {
    Rows rows = co_await connection.query(find_upload, id, user);
    if (rows.empty()) co_return std::nullopt;
    co_return upload_from(rows[0]);
}

Task<Result<model::Upload>> extend_upload(
    Connection& connection,
    Outbox&,
    model::UploadId id,
    std::uint64_t offset,
    storage::UploadPart part,
    Timestamp expires_at
) {
    Rows rows = co_await connection.query(upload_to_extend, id);
    if (rows.empty()) co_return Error{Errc::not_found, "there is no such upload"};
    model::Upload upload = upload_from(rows[0]);
    if (upload.offset != offset || upload.file || upload.bytes - upload.offset < part.bytes) {
        co_return Error{Errc::conflict, "the upload does not stand at this offset"};
    }
    upload.offset += part.bytes;
    upload.expires_at = expires_at;
    co_await connection.query(add_part, id, offset, part.object.bytes, part.bytes);
    co_await connection.query(move_on, id, upload.offset, expires_at);
    co_return upload;
}

Task<std::vector<storage::UploadPart>> read_parts(Connection& connection, model::UploadId id) {
    Rows rows = co_await connection.query(parts_of, id);
    std::vector<storage::UploadPart> parts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        storage::UploadPart& part = parts.emplace_back();
        part.object = key_from(row);
        part.bytes = row.number();
    }
    co_return parts;
}

Task<bool> drop_upload_now(
    Connection& connection,
    Outbox&,
    model::UploadId id,
    model::UserId user
) {
    const Rows dropped = co_await connection.query(drop_upload, id, user);
    co_return !dropped.empty();
}

Task<std::vector<storage::DroppedObjects>> drop_expired_now(
    Connection& connection,
    Outbox&,
    Timestamp now,
    std::size_t count_max
) {
    co_await connection.query(drop_expired_uploads, now, count_max);
    Rows uploads = co_await connection.query(dropped_uploads, count_max);
    std::vector<storage::DroppedObjects> dropped;
    for (std::size_t i = 0; i < uploads.size(); ++i) {
        const auto id = uploads[i].id<model::UploadId>();
        storage::DroppedObjects& one = dropped.emplace_back();
        one.owner = id;
        const auto parts = co_await read_parts(connection, id);
        for (const auto& part : parts) one.objects.push_back(part.object);
    }
    co_return dropped;
}

Task<bool> is_any_to_drop(Connection& connection, Timestamp now) {
    const Rows any = co_await connection.query(any_to_drop, now);
    co_return !any.empty();
}

Task<bool> forget_upload_now(Connection& connection, Outbox&, model::UploadId id) {
    co_await connection.query(forget_upload, id);
    co_return true;
}

Task<bool> forget_parts_now(Connection& connection, Outbox&, model::UploadId id) {
    co_await connection.query(drop_parts, id);
    co_return true;
}

}  // namespace

Task<Result<model::Upload>> SqlUploadStore::begin(storage::NewUpload upload) {
    return database_.write(begin_upload, std::move(upload));
}

Task<std::optional<model::Upload>> SqlUploadStore::find(
    model::UploadId upload,
    model::UserId user
) {
    return database_.read(read_upload, upload, user);
}

Task<Result<model::Upload>> SqlUploadStore::extend(
    model::UploadId upload,
    std::uint64_t offset,
    storage::UploadPart part,
    Timestamp expires_at
) {
    return database_.write(extend_upload, upload, offset, part, expires_at);
}

Task<std::vector<storage::UploadPart>> SqlUploadStore::parts(model::UploadId upload) {
    return database_.read(read_parts, upload);
}

Task<bool> SqlUploadStore::drop(model::UploadId upload, model::UserId user) {
    return database_.write(drop_upload_now, upload, user);
}

Task<std::vector<storage::DroppedObjects>> SqlUploadStore::drop_expired(
    Timestamp now,
    std::size_t count_max
) {
    const bool any = co_await database_.read(is_any_to_drop, now);
    if (!any) co_return std::vector<storage::DroppedObjects>{};
    co_return co_await database_.write(drop_expired_now, now, count_max);
}

Task<> SqlUploadStore::forget(model::UploadId upload) {
    return finished(database_.write(forget_upload_now, upload));
}

Task<> SqlUploadStore::forget_parts(model::UploadId upload) {
    return finished(database_.write(forget_parts_now, upload));
}

}  // namespace banter::sql
