// SqlUploadStore of storage/sql/file_store.hpp, but for what becomes of its uploads in the end.
#include "model/limits.hpp"
#include "storage/sql/file_store.hpp"
#include "storage/sql/file_usage.hpp"
#include "storage/sql/upload_parts.hpp"

#include <chrono>
#include <utility>

namespace banter::sql {

namespace {

#define BANTER_UPLOAD_COLUMNS \
    "id, name, claimed_type, metadata, bytes, at, parts, expires_at, claimed_until, file "

// uploads_unfinished.
constexpr Statement count_unfinished{
    "SELECT count(*) FROM uploads WHERE user_id = $1 AND dropped = 0 AND file IS NULL"};
constexpr Statement add_upload{
    "INSERT INTO uploads (id, workspace_id, user_id, name, claimed_type, metadata, bytes, at, "
    "created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)"};

// The primary key.
constexpr Statement find_upload{"SELECT " BANTER_UPLOAD_COLUMNS
                                "FROM uploads WHERE id = $1 AND user_id = $2 AND dropped = 0"};
constexpr Statement upload_to_extend{"SELECT " BANTER_UPLOAD_COLUMNS
                                     "FROM uploads WHERE id = $1 AND dropped = 0"};
constexpr Statement move_on{
    "UPDATE uploads SET at = $2, parts = parts + 1, expires_at = $3 WHERE id = $1"};
constexpr Statement add_part{
    "INSERT INTO upload_parts (upload, at, object, bytes) VALUES ($1, $2, $3, $4)"};

// The primary key.
constexpr Statement claim_upload{
    "UPDATE uploads SET claimed_until = $3 WHERE id = $1 AND dropped = 0 AND file IS NULL "
    "AND at = bytes AND claimed_until <= $2 RETURNING 1"};
constexpr Statement renew_claim{
    "UPDATE uploads SET claimed_until = $3 WHERE id = $1 AND dropped = 0 AND file IS NULL "
    "AND claimed_until = $2 RETURNING 1"};

// The primary key.
constexpr Statement drop_upload{
    "UPDATE uploads SET dropped = 1 WHERE id = $1 AND user_id = $2 AND dropped = 0 RETURNING 1"};
constexpr Statement refuse_upload{"UPDATE uploads SET dropped = 1 WHERE id = $1 AND file IS NULL"};

model::Upload upload_from(Row row) {
    model::Upload upload;
    upload.id = row.id<model::UploadId>();
    upload.name = row.text();
    upload.claimed_type = row.text();
    upload.metadata = row.text();
    upload.bytes = row.number();
    upload.offset = row.number();
    upload.parts = row.number();
    upload.expires_at = row.time();
    upload.claimed_until = row.time();
    upload.file = row.optional_id<model::FileId>();
    return upload;
}

Task<Result<model::Upload>> begin_upload(
    Connection& connection,
    Outbox&,
    storage::NewUpload wanted,
    model::FileQuota quota
) {
    Rows count = co_await connection.query(count_unfinished, wanted.user);
    if (count[0].number() >= model::limits::uploads_max) {
        co_return Error{
            Errc::rate_limited,
            "too many uploads are under way; finish or end one first",
            std::chrono::minutes(1)};
    }
    const model::Upload& upload = wanted.upload;
    auto refused = co_await refused_usage(connection, quota, wanted.user, upload.bytes);
    if (refused) co_return std::move(*refused);
    co_await count_usage(connection, wanted.user, static_cast<std::int64_t>(upload.bytes));
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
    ++upload.parts;
    upload.expires_at = expires_at;
    co_await connection.query(add_part, id, offset, part.object.bytes, part.bytes);
    co_await connection.query(move_on, id, upload.offset, expires_at);
    co_return upload;
}

Task<bool> claim_now(
    Connection& connection,
    Outbox&,
    model::UploadId id,
    Timestamp now,
    Timestamp until
) {
    const Rows claimed = co_await connection.query(claim_upload, id, now, until);
    co_return !claimed.empty();
}

Task<bool> renew_now(
    Connection& connection,
    Outbox&,
    model::UploadId id,
    Timestamp until,
    Timestamp new_until
) {
    const Rows renewed = co_await connection.query(renew_claim, id, until, new_until);
    co_return !renewed.empty();
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

Task<bool> refuse_upload_now(Connection& connection, Outbox&, model::UploadId id) {
    co_await connection.query(refuse_upload, id);
    co_return true;
}

}  // namespace

Task<Result<model::Upload>> SqlUploadStore::begin(
    storage::NewUpload upload,
    model::FileQuota quota
) {
    return database_.write(begin_upload, std::move(upload), quota);
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

Task<std::vector<storage::UploadPart>> SqlUploadStore::parts(
    model::UploadId upload,
    std::uint64_t offset
) {
    return database_.read(read_parts, upload, offset);
}

Task<bool> SqlUploadStore::claim(model::UploadId upload, Timestamp now, Timestamp until) {
    return database_.write(claim_now, upload, now, until);
}

Task<bool> SqlUploadStore::renew(model::UploadId upload, Timestamp until, Timestamp new_until) {
    return database_.write(renew_now, upload, until, new_until);
}

Task<bool> SqlUploadStore::drop(model::UploadId upload, model::UserId user) {
    return database_.write(drop_upload_now, upload, user);
}

Task<> SqlUploadStore::refuse(model::UploadId upload) {
    return finished(database_.write(refuse_upload_now, upload));
}

}  // namespace banter::sql
