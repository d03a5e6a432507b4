// A bucket is the highest bit of a value and the five bits after it.

#include "load/histogram.hpp"

#include <bit>

namespace banter::bench {

namespace {

double upper_bound_ns(std::size_t bucket, unsigned step_bits) {
    const std::size_t steps = std::size_t{1} << step_bits;
    if (bucket < steps) return static_cast<double>(bucket);
    const std::size_t shift = (bucket >> step_bits) - 1;
    return static_cast<double>((steps + (bucket & (steps - 1)) + 1) << shift);
}

}  // namespace

void Histogram::add(std::uint64_t nanoseconds) {
    const unsigned width = static_cast<unsigned>(std::bit_width(nanoseconds));
    const unsigned shift = width > step_bits + 1 ? width - step_bits - 1 : 0;
    // For shift 0 the index is the value; above, (shift << 5) + the six leading bits continues it.
    ++buckets_[(std::size_t{shift} << step_bits) + (nanoseconds >> shift)];
    ++count_;
}

double Histogram::percentile_us(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        seen += buckets_[i];
        if (seen > 0 && seen >= wanted) return upper_bound_ns(i, step_bits) / 1000;
    }
    return 0;
}

}  // namespace banter::bench
