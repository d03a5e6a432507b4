// Files as they stand in rows.
#pragma once

#include "base/result.hpp"
#include "model/file.hpp"
#include "storage/sql/connection.hpp"
#include "storage/sql/thread_rows.hpp"

#include <optional>
#include <span>
#include <vector>

namespace banter::sql {

/// The columns of a file, in the order of file_from.
#define BANTER_FILE_COLUMNS \
    "id, object, name, media_type, bytes, width, height, thumbhash, variants "

[[nodiscard]] model::File file_from(Row& row);
[[nodiscard]] model::ObjectKey key_from(Row& row);

/// $1 the file, $2 its uploader: a file that may become part of a message. The primary key.
extern const Statement file_to_link;
/// $1 the file, $2 the place of its message. The primary key.
extern const Statement link_file;

[[nodiscard]] Error no_such_file();

/// A message's files are its no more: they go with it. The primary key, once for each.
[[nodiscard]] Task<> drop_files(
    Connection& connection,
    std::vector<model::File> files,
    Timestamp now
);

/// Null for none.
[[nodiscard]] std::optional<Bytes> files_column(std::span<const model::File> files);

}  // namespace banter::sql
