// The event bus of one process: every thread has a home loop (the hash of its id), the only orderer
// of its events.
#pragma once

#include "base/clock.hpp"
#include "base/sharded.hpp"
#include "base/task.hpp"
#include "model/message.hpp"
#include "storage/event_bus.hpp"
#include "storage/memory/thread_order.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace banter::memory {

/// Reads the messages changed in (after, up_to] from the log; called on the thread's home loop.
using GapReader = std::function<
    Task<std::vector<model::Message>>(model::ThreadId thread, model::Rev after, model::Rev up_to)>;

class LocalBus final : public storage::EventBus {
public:
    LocalBus(const Loops& loops, const Clock& clock, OrderLimits limits = {});
    ~LocalBus() override;

    void set_receiver(Receiver receiver) override;
    void set_revocation_receiver(RevocationReceiver receiver) override;
    /// Before anything is published. Without it a gap stays one, and clients find it by the rev.
    void set_gap_reader(GapReader reader);

    void publish(std::vector<model::SharedEvent> events) override;

    /// The loop that orders the events of this model::home_hash, and where they are received.
    [[nodiscard]] std::size_t home_of(std::size_t hash) const { return homes_.home_of(hash); }

    /// Ends the repairs that are under way, on every loop; the loops have to run. What is published
    /// afterwards goes nowhere. Before the destructor.
    [[nodiscard]] Task<> stop();

private:
    class Home;

    void revoke(const model::SharedEvent& event);

    Receiver receiver_;
    RevocationReceiver revocation_receiver_;
    GapReader gap_reader_;
    Sharded<Home> homes_;
};

}  // namespace banter::memory
