#include "base/disk_space.hpp"

#include "base/result.hpp"

#include <sys/statvfs.h>

namespace banter {

void require_disk_space(int file, std::uint64_t bytes, std::uint64_t spare_bytes) {
    struct statvfs disk {};
    if (::fstatvfs(file, &disk) != 0) return;
    const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    if (free >= bytes && free - bytes >= spare_bytes) return;
    throw StorageFailure(Errc::storage_full, "there is not enough space for files");
}

}  // namespace banter
