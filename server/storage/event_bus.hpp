// How events travel between the loops of the process, and between nodes.
#pragma once

#include "base/task.hpp"
#include "model/event.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <utility>
#include <variant>
#include <vector>

namespace banter::storage {

class EventBus {
public:
    virtual ~EventBus() = default;

    /// Called on the home loop of the event's thread, events with a rev in their order, each once.
    using Receiver = std::function<void(const model::SharedEvent&)>;

    /// Before anything is published.
    virtual void set_receiver(Receiver receiver) = 0;

    /// Called on every loop, with its index.
    using RevocationReceiver = std::function<void(std::size_t loop, const model::Revocation&)>;

    /// Before anything is published. A revocation skips the home loops: on every loop it arrives
    /// before all events that were committed after it.
    virtual void set_revocation_receiver(RevocationReceiver receiver) = 0;

    /// Hands events to the home loops of their threads. From any thread of execution; never blocks,
    /// never fails, is not awaited: what is lost here is found again in the log.
    virtual void publish(std::vector<model::SharedEvent> events) = 0;

    /// This loop has to do with the thread, or has no more; each want is ended by an unwant. Only
    /// where other nodes are heard. Never waits.
    virtual void want(model::ThreadId thread) = 0;
    virtual void unwant(model::ThreadId thread) = 0;

    /// Returns when what is told of the thread from now on comes to this node, which wants it; also
    /// after a moment in which that could not be had. Whoever reads a snapshot calls it before.
    [[nodiscard]] virtual Task<> hear(model::ThreadId thread) = 0;
};

/// Publishes the revocations among `events` and takes them out. For before the answers of whoever
/// wrote them: what somebody does who has the answer must not reach who is out. The other events
/// come after it, as an answer does before what it has caused.
inline void publish_revocations(EventBus& bus, std::vector<model::SharedEvent>& events) {
    const auto first = std::stable_partition(events.begin(), events.end(), [](const auto& event) {
        return !std::holds_alternative<model::Revocation>(event->body);
    });
    if (first == events.end()) return;
    std::vector<model::SharedEvent> revocations(
        std::make_move_iterator(first), std::make_move_iterator(events.end())
    );
    events.erase(first, events.end());
    bus.publish(std::move(revocations));
}

}  // namespace banter::storage
