#include "net/http/pace.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cstdint>

namespace banter::net::http {

Pace::Pace(std::chrono::milliseconds grace, std::size_t rate_min)
    : most_(grace), left_(grace), rate_min_(rate_min) {
    CHECK(rate_min > 0);
}

void Pace::waited(Duration time) { left_ -= time; }

void Pace::moved(std::size_t bytes) {
    // More than 4 GiB at once earn no more than these; the product stays within 64 bits.
    const std::uint64_t counted = std::min<std::uint64_t>(bytes, std::uint64_t{1} << 32);
    const std::uint64_t earned = counted * 1'000'000'000 / rate_min_;
    const Duration room = most_ - left_;
    left_ += std::min(Duration(static_cast<Duration::rep>(earned)), room);
}

std::chrono::milliseconds Pace::patience() const {
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(left_, Duration::zero()));
}

}  // namespace banter::net::http
