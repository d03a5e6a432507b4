// Decides whether the broadcasts of a turn are sent now or a moment later, together with those of
// the next write batch. Pure: times are arguments. To do without it, let `may_flush` return true.
//
// Why: while a batch commits, the broadcasts of the one before are being sent. When a send to every
// session takes about as long as a commit, the two alternate and each session gets one send per
// batch. Waiting for the batch that is about to come back merges two groups into one send per
// session.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace banter::net {

/// Postpones only while a hold is taken, never longer than `hold_max`, and never longer than
/// sending to all took lately: an idle or small server delays nothing.
class FlushPolicy {
public:
    explicit FlushPolicy(std::chrono::nanoseconds hold_max) : hold_max_(hold_max) {}

    /// A write batch went out; its broadcasts are to be expected. Pairs with `release`.
    void hold();
    void release();

    /// Whether broadcasts may be sent at `now`. The first "no" starts the time that is waited.
    [[nodiscard]] bool may_flush(SteadyTime now);
    /// Until when a "no" holds, if nothing is released before.
    [[nodiscard]] std::optional<SteadyTime> until() const;

    /// Broadcasts were sent, and that took `took`.
    void flushed(std::chrono::nanoseconds took);

    /// What a flush of broadcasts took lately (moving average, an eighth of each new one).
    [[nodiscard]] std::chrono::nanoseconds usual() const { return usual_; }

private:
    std::chrono::nanoseconds hold_max_;
    std::chrono::nanoseconds usual_{0};
    std::size_t holds_ = 0;
    std::optional<SteadyTime> waiting_since_;
};

}  // namespace banter::net
