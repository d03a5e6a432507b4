// How what a transaction tells gets to the event bus.
#pragma once

#include "base/task.hpp"
#include "storage/event_bus.hpp"

#include <boost/asio/post.hpp>

#include <utility>
#include <vector>

namespace banter::postgres {

/// Publishes `events` behind all that this loop has posted. An answer that it has posted to itself
/// comes before them then: published at once, they could come back from another loop sooner.
inline void publish_in_turn(
    const Executor& loop,
    storage::EventBus& bus,
    std::vector<model::SharedEvent> events
) {
    if (events.empty()) return;
    asio::post(loop, [&bus, events = std::move(events)]() mutable {
        bus.publish(std::move(events));
    });
}

}  // namespace banter::postgres
