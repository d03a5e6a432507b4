// How often somebody may do something.
#pragma once

#include "base/task.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace banter::storage {

/// A token bucket: `burst` at once, refilled with `per_second`.
struct Rate {
    double per_second = 0;
    double burst = 0;
};

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
