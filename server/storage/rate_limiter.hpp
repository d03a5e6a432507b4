// How often somebody may do something.
#pragma once

#include "base/task.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace banter::storage {

/// A token bucket: `burst` at once, refilled with `per_second`.
struct Rate {
    double per_second = 0;
    double burst = 0;
};

/// So many at once, and so many in each minute after it.
[[nodiscard]] inline Rate per_minute(std::uint32_t count) {
    return {.per_second = count / 60.0, .burst = static_cast<double>(count)};
}

class RateLimiter {
public:
    virtual ~RateLimiter() = default;

    /// Takes one from the bucket of `key`. Returns nothing if it was there, else how long until it
    /// is.
    [[nodiscard]] virtual Task<std::optional<std::chrono::milliseconds>> take(
        std::string key,
        Rate rate
    ) = 0;
};

}  // namespace banter::storage
