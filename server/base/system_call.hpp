// How calls of the system are repeated, and what their failures mean.
#pragma once

#include "base/result.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace banter {

/// Again as long as a signal interrupts it.
template <typename Call>
auto retried(Call call) {
    for (;;) {
        const auto result = call();
        if (result >= 0 || errno != EINTR) return result;
    }
}

/// Throws what errno means: StorageFailure storage_full or storage_unavailable. A limit on the size
/// of files counts as a full disk: both are for the operator to raise.
[[noreturn]] inline void throw_failure(const std::string& what) {
    const int code = errno;
    const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    throw StorageFailure(
        full ? Errc::storage_full : Errc::storage_unavailable,
        what + ": " + std::generic_category().message(code)
    );
}

}  // namespace banter
