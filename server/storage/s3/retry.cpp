#include "storage/s3/retry.hpp"

#include <algorithm>
#include <cstdint>

namespace banter::s3 {

namespace {

using std::chrono::milliseconds;

/// wait_start, doubled with each try; 20 doublings are more than any wait_max.
milliseconds ceiling(const RetryLimits& limits, std::size_t tries) {
    const std::size_t doublings = std::min<std::size_t>(tries - 1, 20);
    return std::min(limits.wait_start * (std::int64_t{1} << doublings), limits.wait_max);
}

}  // namespace

Retries::Retries(const RetryLimits& limits, SteadyTime now, Random& random)
    : limits_(limits), end_(now + limits.within), random_(random) {}

std::optional<milliseconds> Retries::next(SteadyTime now, milliseconds advised) {
    if (tries_ >= limits_.tries_max) return std::nullopt;
    const auto most = static_cast<std::uint64_t>(ceiling(limits_, tries_).count());
    const milliseconds jittered(random_.below(most + 1));
    ++tries_;
    // Who is asked to wait longer than there is time gives up at once.
    const milliseconds wait = std::max(jittered, advised);
    if (now >= end_ || wait >= end_ - now) return std::nullopt;
    return wait;
}

milliseconds Retries::left(SteadyTime now) const {
    const auto left = std::chrono::duration_cast<milliseconds>(end_ - now);
    return std::clamp(left, milliseconds(1), std::max(limits_.try_within, milliseconds(1)));
}

}  // namespace banter::s3
