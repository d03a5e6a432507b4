// Keeps room on a disk, so that nothing more important fails for what is written there.
#pragma once

#include <cstdint>

namespace banter {

/// Throws StorageFailure storage_full unless `bytes` more leave `spare_bytes` free on the disk
/// where `file` lies. A disk that doesn't say how much is free has room.
///
/// file  a descriptor, of a folder too
void require_disk_space(int file, std::uint64_t bytes, std::uint64_t spare_bytes);

}  // namespace banter
