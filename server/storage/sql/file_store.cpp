#include "storage/sql/file_store.hpp"

#include "storage/sql/file_rows.hpp"
#include "storage/sql/file_usage.hpp"
#include "storage/sql/message_changes.hpp"
#include "storage/sql/message_codec.hpp"

#include <utility>

namespace banter::sql {

namespace {

constexpr Statement add_file{
    "INSERT INTO files (id, workspace_id, uploader_id, object, name, media_type, bytes, sha256, "
    "width, height, thumbhash, unrendered, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};
constexpr Statement add_object{"INSERT INTO file_objects (object, file) VALUES ($1, $2)"};

// The primary key.
constexpr Statement find_file{
    "SELECT " BANTER_FILE_COLUMNS
    ", uploader_id, place FROM files WHERE id = $1 AND dropped_at IS NULL"};
constexpr Statement uploader_of{"SELECT uploader_id, bytes FROM files WHERE id = $1"};

// files_unrendered.
constexpr Statement unrendered_files{
    "SELECT " BANTER_FILE_COLUMNS
    "FROM files WHERE unrendered = 1 AND dropped_at IS NULL ORDER BY created_at LIMIT $1"};

// The primary key.
constexpr Statement write_variants{
    "UPDATE files SET variants = $2, width = coalesce($3, width), height = coalesce($4, height), "
    "thumbhash = coalesce($5, thumbhash), unrendered = 0 WHERE id = $1 AND dropped_at IS NULL "
    "RETURNING place"};

// files_unlinked, then the primary key. A message may take the file just before it is written to.
constexpr Statement drop_unlinked_files{
    "UPDATE files SET dropped_at = $2 WHERE place IS NULL AND dropped_at IS NULL AND id IN "
    "(SELECT id FROM files "
    "WHERE place IS NULL AND dropped_at IS NULL AND created_at < $1 ORDER BY created_at LIMIT $3)"};
// files_dropped.
constexpr Statement dropped_files{
    "SELECT id FROM files WHERE dropped_at IS NOT NULL ORDER BY dropped_at LIMIT $1"};
// files_unlinked, files_dropped.
constexpr Statement any_to_drop{
    "SELECT 1 FROM files WHERE place IS NULL AND dropped_at IS NULL AND created_at < $1 "
    "UNION ALL SELECT 1 FROM files WHERE dropped_at IS NOT NULL LIMIT 1"};
// file_objects_by_file.
constexpr Statement objects_of_file{"SELECT object FROM file_objects WHERE file = $1"};
// The primary key; file_objects_by_file for what goes with it.
constexpr Statement forget_file{"DELETE FROM files WHERE id = $1"};

// The primary key of file_objects; upload_parts_by_object.
constexpr Statement knows_object{
    "SELECT 1 FROM file_objects WHERE object = $1 "
    "UNION ALL SELECT 1 FROM upload_parts WHERE object = $1"};

// The primary key.
constexpr Statement finish_upload{
    "UPDATE uploads SET file = $2 WHERE id = $1 AND user_id = $3 AND dropped = 0 AND file IS NULL "
    "RETURNING bytes"};

/// Nulls for what is no picture.
struct PictureColumns {
    std::optional<std::uint32_t> width;
    std::optional<std::uint32_t> height;
    std::optional<std::string> thumbhash;
};

PictureColumns columns_of(const std::optional<model::PictureFacts>& picture) {
    if (!picture) return {};
    return {picture->width, picture->height, picture->thumbhash};
}

Task<> insert_file(Connection& connection, const storage::NewFile& added) {
    const model::File& file = added.file;
    auto [width, height, thumbhash] = columns_of(file.picture);
    co_await connection.query(
        add_file,
        file.id,
        added.workspace,
        added.uploader,
        file.object.bytes,
        file.name,
        file.media_type,
        file.bytes,
        added.sha256,
        width,
        height,
        std::move(thumbhash),
        added.unrendered,
        added.created_at
    );
    co_await connection.query(add_object, file.object.bytes, file.id);
}

Task<Result<model::File>> write_file(
    Connection& connection,
    Outbox&,
    storage::NewFile added,
    model::FileQuota quota
) {
    auto bytes = static_cast<std::int64_t>(added.file.bytes);
    if (added.upload) {
        Rows finished =
            co_await connection.query(finish_upload, *added.upload, added.file.id, added.uploader);
        if (finished.empty()) co_return Error{Errc::not_found, "there is no such upload"};
        bytes -= finished[0].integer();
    } else {
        auto refused = co_await refused_usage(connection, quota, added.uploader, added.file.bytes);
        if (refused) co_return std::move(*refused);
    }
    co_await insert_file(connection, added);
    co_await count_usage(connection, added.uploader, bytes);
    co_return std::move(added.file);
}

Task<std::optional<storage::FoundFile>> read_file(
    Connection& connection,
    model::FileId id,
    model::UserId viewer
) {
    Rows rows = co_await connection.query(find_file, id);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    storage::FoundFile found;
    found.file = file_from(row);
    found.uploader = row.id<model::UserId>();
    if (row.next_is_null()) co_return found;
    auto thread = co_await find_thread_of_place(connection, row.integer(), viewer);
    CHECK(thread.has_value());
    found.view = std::move(thread->view);
    co_return found;
}

Task<std::vector<model::File>> read_unrendered(Connection& connection, std::size_t count_max) {
    Rows rows = co_await connection.query(unrendered_files, count_max);
    std::vector<model::File> files;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        files.push_back(file_from(row));
    }
    co_return files;
}

Task<bool> note_variants(
    Connection& connection,
    Outbox& outbox,
    model::FileId id,
    storage::MadePictures made
) {
    Bytes column{encode_variants(made.variants)};
    auto [width, height, thumbhash] = columns_of(made.poster);
    Rows written = co_await connection.query(
        write_variants, id, std::move(column), width, height, std::move(thumbhash)
    );
    if (written.empty()) co_return false;
    for (const auto& variant : made.variants) {
        co_await connection.query(add_object, variant.object.bytes, id);
    }
    Row row = written[0];
    if (made.variants.empty() || row.next_is_null()) co_return true;
    const Place place = row.integer();
    Rows rows = co_await connection.query(find_file, id);
    Row changed = rows[0];
    co_await show_file(connection, outbox, place, file_from(changed));
    co_return true;
}

Task<std::vector<storage::DroppedObjects>> drop_unlinked_now(
    Connection& connection,
    Outbox&,
    Timestamp before,
    Timestamp now,
    std::size_t count_max
) {
    co_await connection.query(drop_unlinked_files, before, now, count_max);
    Rows files = co_await connection.query(dropped_files, count_max);
    std::vector<storage::DroppedObjects> dropped;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto id = files[i].id<model::FileId>();
        storage::DroppedObjects& one = dropped.emplace_back();
        one.owner = id;
        Rows objects = co_await connection.query(objects_of_file, id);
        for (std::size_t j = 0; j < objects.size(); ++j) {
            Row object = objects[j];
            one.objects.push_back(key_from(object));
        }
    }
    co_return dropped;
}

Task<bool> is_any_to_drop(Connection& connection, Timestamp before) {
    const Rows any = co_await connection.query(any_to_drop, before);
    co_return !any.empty();
}

Task<bool> forget_file_now(Connection& connection, Outbox&, model::FileId id) {
    Rows rows = co_await connection.query(uploader_of, id);
    if (rows.empty()) co_return false;
    Row row = rows[0];
    const auto uploader = row.id<model::UserId>();
    co_await count_usage(connection, uploader, -row.integer());
    co_await connection.query(forget_file, id);
    co_return true;
}

Task<std::vector<model::ObjectKey>> find_unknown(
    Connection& connection,
    std::vector<model::ObjectKey> objects
) {
    std::vector<model::ObjectKey> unknown;
    for (const auto& object : objects) {
        const Rows known = co_await connection.query(knows_object, object.bytes);
        if (known.empty()) unknown.push_back(object);
    }
    co_return unknown;
}

}  // namespace

Task<Result<model::File>> SqlFileStore::add(storage::NewFile file, model::FileQuota quota) {
    return database_.write(write_file, std::move(file), quota);
}

Task<std::optional<storage::FoundFile>> SqlFileStore::find(
    model::FileId file,
    model::UserId viewer
) {
    return database_.read(read_file, file, viewer);
}

Task<model::FileUsage> SqlFileStore::used(model::UserId user) {
    return database_.read(read_usage, user);
}

Task<std::vector<model::File>> SqlFileStore::list_unrendered(std::size_t count_max) {
    return database_.read(read_unrendered, count_max);
}

Task<bool> SqlFileStore::add_variants(model::FileId file, storage::MadePictures made) {
    return database_.write(note_variants, file, std::move(made));
}

Task<std::vector<storage::DroppedObjects>> SqlFileStore::drop_unlinked(
    Timestamp before,
    Timestamp now,
    std::size_t count_max
) {
    // Mostly nothing is due, and looking needs no turn of the writer.
    const bool any = co_await database_.read(is_any_to_drop, before);
    if (!any) co_return std::vector<storage::DroppedObjects>{};
    co_return co_await database_.write(drop_unlinked_now, before, now, count_max);
}

Task<> SqlFileStore::forget(model::FileId file) {
    return finished(database_.write(forget_file_now, file));
}

Task<std::vector<model::ObjectKey>> SqlFileStore::unknown_among(
    std::vector<model::ObjectKey> objects
) {
    return database_.read(find_unknown, std::move(objects));
}

}  // namespace banter::sql
