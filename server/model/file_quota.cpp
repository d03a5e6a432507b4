#include "model/file_quota.hpp"

namespace banter::model {

namespace {

bool is_beyond(std::uint64_t bytes_max, std::uint64_t used, std::uint64_t more) {
    return bytes_max > 0 && (used > bytes_max || more > bytes_max - used);
}

}  // namespace

std::optional<Error> refused_by(
    const FileQuota& quota,
    const FileUsage& used,
    std::uint64_t bytes
) {
    if (is_beyond(quota.user_bytes_max, used.user_bytes, bytes)) {
        return Error{Errc::storage_full, "your files would take more room than you have"};
    }
    if (is_beyond(quota.total_bytes_max, used.total_bytes, bytes)) {
        return Error{Errc::storage_full, "there is no room for more files on this server"};
    }
    return std::nullopt;
}

}  // namespace banter::model
