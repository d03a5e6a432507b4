// What is counted about the WebSocket sessions of a shard: added up without atomics, published once
// a turn.
#pragma once

#include "base/metrics.hpp"

#include <cstdint>

namespace banter::net::websocket {

/// Changes since they were published last.
struct SessionTally {
    std::uint64_t frames_received = 0;
    std::uint64_t frames_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t sends = 0;
    std::uint64_t slow_closed = 0;
    std::int64_t sessions = 0;
    std::int64_t queued = 0;   // bytes
    std::int64_t partial = 0;  // bytes
};

class SessionMetrics {
public:
    explicit SessionMetrics(metrics::Registry& registry);

    /// Adds the changes and sets them to zero.
    void publish(SessionTally& tally);

private:
    metrics::Gauge& sessions_;
    metrics::Counter& frames_received_;
    metrics::Counter& frames_sent_;
    metrics::Counter& bytes_received_;
    metrics::Counter& bytes_sent_;
    metrics::Counter& sends_;
    metrics::Counter& slow_closed_;
    metrics::Gauge& queued_;
    metrics::Gauge& session_memory_;
    metrics::Gauge& partial_memory_;
};

}  // namespace banter::net::websocket
