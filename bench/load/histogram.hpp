#pragma once
// Latencies in buckets of about 3 %, so that a million a second cost one increment each.

#include <array>
#include <cstdint>

namespace banter::bench {

class Histogram {
public:
    void add(std::uint64_t nanoseconds);

    /// The value that `share` (0 to 1) of all values lie at or below, in microseconds; 0 if empty.
    [[nodiscard]] double percentile_us(double share) const;

    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    static constexpr unsigned step_bits = 5;
    std::array<std::uint64_t, (64 - step_bits + 1) << step_bits> buckets_{};
    std::uint64_t count_ = 0;
};

}  // namespace banter::bench
