#include "storage/sql/upload_parts.hpp"

#include "storage/sql/file_rows.hpp"

namespace banter::sql {

namespace {

// The primary key of upload_parts.
constexpr Statement parts_of{
    "SELECT object, bytes FROM upload_parts WHERE upload = $1 AND at >= $2 ORDER BY at LIMIT $3"};

}  // namespace

Task<std::vector<storage::UploadPart>> read_parts(
    Connection& connection,
    model::UploadId upload,
    std::uint64_t offset
) {
    Rows rows = co_await connection.query(parts_of, upload, offset, storage::upload_parts_page);
    std::vector<storage::UploadPart> parts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        storage::UploadPart& part = parts.emplace_back();
        part.object = key_from(row);
        part.bytes = row.number();
    }
    co_return parts;
}

}  // namespace banter::sql
