#include "net/websocket/session_metrics.hpp"

#include "base/heap.hpp"
#include "net/websocket/session.hpp"

#include <utility>

namespace banter::net::websocket {

SessionMetrics::SessionMetrics(metrics::Registry& registry)
    : sessions_(registry.gauge("banter_connections", "Open connections", "kind=\"websocket\"")),
      frames_received_(registry.counter("banter_frames_received_total", "WebSocket frames received")
      ),
      frames_sent_(registry.counter("banter_frames_sent_total", "WebSocket frames sent")),
      bytes_received_(
          registry.counter("banter_bytes_received_total", "Bytes received by WebSocket sessions")
      ),
      bytes_sent_(registry.counter("banter_bytes_sent_total", "Bytes sent by WebSocket sessions")),
      sends_(registry.counter("banter_sends_total", "System calls that sent WebSocket frames")),
      slow_closed_(registry.counter(
          "banter_slow_consumers_closed_total",
          "Sessions closed with 4408 because they read too slowly"
      )),
      queued_(
          registry.gauge("banter_queued_bytes", "Bytes of WebSocket frames that wait to be sent")
      ),
      session_memory_(registry.gauge(memory_metric, memory_help, "part=\"websocket sessions\"")),
      partial_memory_(registry.gauge(memory_metric, memory_help, "part=\"partial payloads\"")) {}

void SessionMetrics::publish(SessionTally& tally) {
    const SessionTally changes = std::exchange(tally, {});
    const auto count = [](metrics::Counter& counter, std::uint64_t change) {
        if (change != 0) counter.add(change);
    };
    const auto move = [](metrics::Gauge& gauge, std::int64_t change) {
        if (change != 0) gauge.add(change);
    };
    count(frames_received_, changes.frames_received);
    count(frames_sent_, changes.frames_sent);
    count(bytes_received_, changes.bytes_received);
    count(bytes_sent_, changes.bytes_sent);
    count(sends_, changes.sends);
    count(slow_closed_, changes.slow_closed);
    move(sessions_, changes.sessions);
    move(queued_, changes.queued);
    move(partial_memory_, changes.partial);
    constexpr auto session_bytes = static_cast<std::int64_t>(heap_block_bytes(sizeof(Session)));
    move(session_memory_, changes.sessions * session_bytes);
}

}  // namespace banter::net::websocket
