// When something that failed for a moment is tried again: exponential backoff with full jitter, a
// bounded number of times, within a time in all. Pure.
//
// Source  aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace banter::s3 {

struct RetryLimits {
    /// The first one too.
    std::size_t tries_max = 5;
    /// Before the second try at most so long, before each further one at most twice as long.
    std::chrono::milliseconds wait_start{200};
    std::chrono::milliseconds wait_max{5'000};
    /// After that no try begins.
    std::chrono::milliseconds within{20'000};
    /// How long one try may take that moves little.
    std::chrono::milliseconds try_within{10'000};
};

class Retries {
public:
    /// Begins with the first try.
    Retries(const RetryLimits& limits, SteadyTime now, Random& random);

    /// After a try that failed: how long to wait before the next; nothing: give it up.
    ///
    /// advised  what the service asked to wait at least; 0: nothing
    [[nodiscard]] std::optional<std::chrono::milliseconds> next(
        SteadyTime now,
        std::chrono::milliseconds advised
    );

    /// How long a try that begins now may take, if it moves little; at least 1 ms.
    [[nodiscard]] std::chrono::milliseconds left(SteadyTime now) const;

private:
    RetryLimits limits_;
    SteadyTime end_;
    Random& random_;
    std::size_t tries_ = 1;
};

}  // namespace banter::s3
