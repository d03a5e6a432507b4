#include "storage/memory/rate_limiter.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace banter::memory {

namespace {

using Seconds = std::chrono::duration<double>;

SteadyTime::duration time_for(double tokens, storage::Rate rate) {
    return std::chrono::duration_cast<SteadyTime::duration>(Seconds(tokens / rate.per_second));
}

}  // namespace

std::optional<std::chrono::milliseconds> TokenBuckets::take(
    std::string_view key,
    storage::Rate rate,
    SteadyTime now
) {
    Bucket& bucket = filled(key, rate, now);
    const bool there = bucket.tokens >= 1;
    if (there) bucket.tokens -= 1;
    bucket.full_at = now + time_for(rate.burst - bucket.tokens, rate);
    if (there) return std::nullopt;
    const double wait_ms = std::ceil((1 - bucket.tokens) / rate.per_second * 1000);
    return std::chrono::milliseconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(wait_ms)));
}

void TokenBuckets::spend(
    std::string_view key,
    storage::Rate rate,
    std::uint64_t count,
    SteadyTime now
) {
    Bucket& bucket = filled(key, rate, now);
    bucket.tokens = std::max(-rate.burst, bucket.tokens - static_cast<double>(count));
    bucket.full_at = now + time_for(rate.burst - bucket.tokens, rate);
}

TokenBuckets::Bucket& TokenBuckets::filled(
    std::string_view key,
    storage::Rate rate,
    SteadyTime now
) {
    Bucket& bucket = bucket_of(key, rate, now);
    const double gained = Seconds(now - bucket.counted_at).count() * rate.per_second;
    bucket.tokens = std::min(rate.burst, bucket.tokens + gained);
    bucket.counted_at = now;
    return bucket;
}

TokenBuckets::Bucket& TokenBuckets::bucket_of(
    std::string_view key,
    storage::Rate rate,
    SteadyTime now
) {
    const auto found = places_.find(key);
    if (found != places_.end()) {
        order_.splice(order_.begin(), order_, found->second);
        return order_.front();
    }
    forget(now);
    order_.push_front({std::string(key), rate.burst, now, now});
    places_.emplace(order_.front().key, order_.begin());
    return order_.front();
}

void TokenBuckets::forget(SteadyTime now) {
    // Two for each new one, so the table shrinks when fewer keys are in use.
    for (int i = 0; i < 2 && !order_.empty(); ++i) {
        const Bucket& oldest = order_.back();
        if (oldest.full_at > now && order_.size() < keys_max_) return;
        places_.erase(oldest.key);
        order_.pop_back();
    }
}

LocalRateLimiter::LocalRateLimiter(const Loops& loops, const Clock& clock, std::size_t keys_max)
    : clock_(clock),
      homes_(loops, [keys_max](std::size_t) { return std::make_unique<Home>(keys_max); }) {}

Task<std::optional<std::chrono::milliseconds>> LocalRateLimiter::take(
    std::string key,
    storage::Rate rate
) {
    if (rate.per_second <= 0) co_return std::nullopt;
    const std::size_t home = homes_.home_of(std::hash<std::string>{}(key));
    const SteadyTime now = clock_.steady();
    auto use = [key = std::move(key), rate, now](Home& there) {
        const auto wait = there.buckets.take(key, rate, now);
        if (there.notes && !wait) {
            Taken& taken = there.taken[key];
            taken.rate = rate;
            ++taken.count;
        }
        return wait;
    };
    co_return co_await homes_.at(home, std::move(use));
}

void LocalRateLimiter::note_taken() {
    for (std::size_t home = 0; home < homes_.size(); ++home) {
        homes_.post(home, [](Home& there) { there.notes = true; });
    }
}

Task<std::vector<Taken>> LocalRateLimiter::collect() {
    std::vector<Taken> all;
    for (std::size_t home = 0; home < homes_.size(); ++home) {
        auto use = [](Home& there) { return std::exchange(there.taken, {}); };
        auto taken = co_await homes_.at(home, use);
        for (auto& [key, each] : taken) {
            each.key = key;
            all.push_back(std::move(each));
        }
    }
    co_return all;
}

void LocalRateLimiter::spend(std::vector<Taken> taken) {
    for (Taken& each : taken) {
        if (each.rate.per_second <= 0) continue;
        const std::size_t home = homes_.home_of(std::hash<std::string>{}(each.key));
        homes_.post(home, [each = std::move(each), now = clock_.steady()](Home& there) {
            there.buckets.spend(each.key, each.rate, each.count, now);
        });
    }
}

}  // namespace banter::memory
