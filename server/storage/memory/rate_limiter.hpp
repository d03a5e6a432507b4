// Token buckets in memory; each key has a home loop, so a limit holds for the whole process, and
// for several nodes as far as they tell each other what they took.
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
#include <vector>

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
    /// Others took so many, wherever they are counted. What is there may fall below nothing, by a
    /// burst at most.
    void spend(std::string_view key, storage::Rate rate, std::uint64_t count, SteadyTime now);
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

    /// With all that it has gained until now.
    [[nodiscard]] Bucket& filled(std::string_view key, storage::Rate rate, SteadyTime now);
    [[nodiscard]] Bucket& bucket_of(std::string_view key, storage::Rate rate, SteadyTime now);
    void forget(SteadyTime now);

    std::size_t keys_max_;
    /// Used last in front.
    Order order_;
    boost::unordered_flat_map<std::string_view, Order::iterator> places_;
};

/// Tokens that were taken from a bucket.
struct Taken {
    std::string key;
    storage::Rate rate;
    std::uint64_t count = 0;
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

    /// From now on it is noted what is taken, for other nodes.
    void note_taken();
    /// What was taken since the last call.
    [[nodiscard]] Task<std::vector<Taken>> collect();
    /// Other nodes took it.
    void spend(std::vector<Taken> taken);

private:
    struct Home {
        explicit Home(std::size_t keys_max) : buckets(keys_max) {}

        TokenBuckets buckets;
        /// For other nodes, by key.
        boost::unordered_flat_map<std::string, Taken> taken;
        bool notes = false;
    };

    const Clock& clock_;
    Sharded<Home> homes_;
};

}  // namespace banter::memory
