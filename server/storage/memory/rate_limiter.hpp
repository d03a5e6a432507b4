// Token buckets in memory; each key has a home loop, so a limit holds for the whole process.
#pragma once

#include "base/clock.hpp"
#include "base/sharded.hpp"
#include "storage/rate_limiter.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace banter::memory {

/// The buckets of one loop. A bucket that is full again is the same as none and is forgotten;
/// beyond `keys_max` the one used longest ago is.
class TokenBuckets {
public:
    explicit TokenBuckets(std::size_t keys_max) : keys_max_(keys_max) {}

    /// Nothing: one token was taken. Else how long until there is one, at least a millisecond.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(
        std::string_view key,
        storage::Rate rate,
        SteadyTime now
    );
    [[nodiscard]] std::size_t size() const { return order_.size(); }

private:
    struct Bucket {
        std::string key;
        double tokens = 0;
        SteadyTime counted_at;
        /// From then on it is full and needs no place.
        SteadyTime full_at;
    };
    using Order = std::list<Bucket>;

    [[nodiscard]] Bucket& bucket_of(std::string_view key, storage::Rate rate, SteadyTime now);
    void forget(SteadyTime now);

    std::size_t keys_max_;
    /// Used last in front.
    Order order_;
    boost::unordered_flat_map<std::string_view, Order::iterator> places_;
};

/// One for the process; may be called from every loop.
class LocalRateLimiter final : public storage::RateLimiter {
public:
    /// keys_max: for each loop.
    LocalRateLimiter(const Loops& loops, const Clock& clock, std::size_t keys_max = 64 * 1024);

    /// A rate of 0 per second is no limit.
    [[nodiscard]] Task<std::optional<std::chrono::milliseconds>> take(
        std::string key,
        storage::Rate rate
    ) override;

private:
    const Clock& clock_;
    Sharded<TokenBuckets> buckets_;
};

}  // namespace banter::memory
