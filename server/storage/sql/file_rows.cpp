#include "storage/sql/file_rows.hpp"

#include "storage/sql/message_codec.hpp"

#include <utility>

namespace banter::sql {

const Statement file_to_link{
    "SELECT " BANTER_FILE_COLUMNS
    "FROM files WHERE id = $1 AND uploader_id = $2 AND place IS NULL AND dropped_at IS NULL"};

const Statement link_file{"UPDATE files SET place = $2 WHERE id = $1"};

namespace {

// The primary key.
constexpr Statement drop_file{
    "UPDATE files SET dropped_at = $2 WHERE id = $1 AND dropped_at IS NULL"};

}  // namespace

model::File file_from(Row& row) {
    model::File file;
    file.id = row.id<model::FileId>();
    file.object = key_from(row);
    file.name = row.text();
    file.media_type = row.text();
    file.bytes = row.number();
    if (row.next_is_null()) {
        row.skip(2);
    } else {
        model::PictureFacts& picture = file.picture.emplace();
        picture.width = static_cast<std::uint32_t>(row.number());
        picture.height = static_cast<std::uint32_t>(row.number());
        picture.thumbhash = row.text();
    }
    file.variants = decode_variants(row.bytes());
    return file;
}

model::ObjectKey key_from(Row& row) { return model::ObjectKey{row.hash<16>()}; }

Error no_such_file() {
    return {Errc::not_found, "attachments: there is no such file of yours that is in no message"};
}

Task<> drop_files(Connection& connection, std::vector<model::File> files, Timestamp now) {
    for (const auto& file : files) co_await connection.query(drop_file, file.id, now);
}

std::optional<Bytes> files_column(std::span<const model::File> files) {
    if (files.empty()) return std::nullopt;
    return Bytes{encode_files(files)};
}

}  // namespace banter::sql
