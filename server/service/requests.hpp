// How many requests a user may make, on all transports together; sends have a limit of their own.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "service/caller.hpp"
#include "storage/rate_limiter.hpp"

#include <optional>

namespace banter::service {

class Requests {
public:
    /// rate.per_second 0: no limit, and nothing is awaited.
    Requests(storage::Rate rate, storage::RateLimiter& limiter) : rate_(rate), limiter_(limiter) {}

    [[nodiscard]] bool limited() const { return rate_.per_second > 0; }

    /// Returns nothing, or rate_limited.
    [[nodiscard]] Task<std::optional<Error>> admit(model::UserId user);

private:
    storage::Rate rate_;
    storage::RateLimiter& limiter_;
};

}  // namespace banter::service
