// The parts of uploads as they stand in rows.
#pragma once

#include "model/id.hpp"
#include "storage/sql/connection.hpp"
#include "storage/upload_store.hpp"

#include <cstdint>
#include <vector>

namespace banter::sql {

/// UploadStore::parts. The primary key of upload_parts.
[[nodiscard]] Task<std::vector<storage::UploadPart>> read_parts(
    Connection& connection,
    model::UploadId upload,
    std::uint64_t offset
);

}  // namespace banter::sql
