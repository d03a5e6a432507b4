// Whether a peer that is waited for keeps to the least rate: patience that waiting uses up and
// every byte earns back, up to a most. Pure.
//
// A total would cut off large bodies, and a mean would let who was fast stall for days.
#pragma once

#include <chrono>
#include <cstddef>

namespace banter::net::http {

class Pace {
public:
    using Duration = std::chrono::nanoseconds;

    /// No patience at all.
    Pace() = default;
    /// grace: the patience at the start, and the most of it. rate_min: bytes per second, above 0.
    Pace(std::chrono::milliseconds grace, std::size_t rate_min);

    /// The peer has kept us waiting for so long.
    void waited(Duration time);
    /// So many bytes came from the peer, or went to it.
    void moved(std::size_t bytes);

    /// How long it may be waited for now, rounded up; at least 0.
    [[nodiscard]] std::chrono::milliseconds patience() const;

private:
    Duration most_{};
    Duration left_{};  // below 0: noticed late, and to be earned back first
    std::size_t rate_min_ = 1;
};

}  // namespace banter::net::http
