// How often one address may come with a token that is no token of ours.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/rate_limiter.hpp"

#include <string>

namespace banter::service {

/// A good token always counts: people behind one address don't lock each other out.
class FailedTokens {
public:
    /// rate.per_second 0: no limit.
    FailedTokens(storage::Rate rate, storage::RateLimiter& limiter)
        : rate_(rate), limiter_(limiter) {}

    /// Counts a refusal, and returns what to answer: the refusal itself, or rate_limited when there
    /// were too many. A token that has only expired is not counted: its client slept.
    [[nodiscard]] Task<Error> count(Error refusal, std::string address);

private:
    storage::Rate rate_;
    storage::RateLimiter& limiter_;
};

}  // namespace banter::service
