// How many bytes files may have.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>

namespace banter::model {

/// Bytes of the files of one user, and of all.
struct FileUsage {
    std::uint64_t user_bytes = 0;
    std::uint64_t total_bytes = 0;
};

/// Bytes that files may have together; 0: any number.
struct FileQuota {
    std::uint64_t user_bytes_max = 0;
    std::uint64_t total_bytes_max = 0;

    [[nodiscard]] bool limits() const { return user_bytes_max > 0 || total_bytes_max > 0; }
};

/// storage_full if a file of so many bytes more goes beyond the quota.
[[nodiscard]] std::optional<Error> refused_by(
    const FileQuota& quota,
    const FileUsage& used,
    std::uint64_t bytes
);

}  // namespace banter::model
