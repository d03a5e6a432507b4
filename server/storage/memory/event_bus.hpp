// The event bus of one process: every thread has a home loop (the hash of its id), the only orderer
// of its events.
#pragma once

#include "base/clock.hpp"
#include "base/sharded.hpp"
#include "base/task.hpp"
#include "storage/event_bus.hpp"
#include "storage/memory/thread_order.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace banter::memory {

/// Reads from the log what has changed in the gap; called on the thread's home loop.
using GapReader = std::function<Task<Missing>(Gap gap)>;

class LocalBus final : public storage::EventBus {
public:
    LocalBus(const Loops& loops, const Clock& clock, OrderLimits limits = {});
    ~LocalBus() override;

    void set_receiver(Receiver receiver) override;
    void set_revocation_receiver(RevocationReceiver receiver) override;
    /// Before anything is published. Without it a gap stays one, and clients find it by the rev.
    void set_gap_reader(GapReader reader);

    void publish(std::vector<model::SharedEvent> events) override;

    void want(model::ThreadId thread) override;
    void unwant(model::ThreadId thread) override;
    /// All of the process comes to all of its loops.
    [[nodiscard]] Task<> hear(model::ThreadId) override { co_return; }

    /// Somebody has read the thread up to here, and is to get everything after it.
    void begin(model::ThreadId thread, model::Rev rev);

    /// The log has reached these revs: what doesn't come soon is read. Never waits.
    void expect(const std::vector<KnownHead>& heads);

    /// Those of `heads` that no event has reached, with the rev up to which they have come; 0: no
    /// event of the thread is known.
    [[nodiscard]] Task<std::vector<KnownHead>> behind(std::vector<KnownHead> heads);

    /// The loop that orders the events of this model::home_hash, and where they are received.
    [[nodiscard]] std::size_t home_of(std::size_t hash) const { return homes_.home_of(hash); }

    /// Ends the repairs that are under way, on every loop; the loops have to run. What is published
    /// afterwards goes nowhere. Before the destructor.
    [[nodiscard]] Task<> stop();

private:
    class Home;

    [[nodiscard]] std::vector<std::vector<KnownHead>> by_home(const std::vector<KnownHead>& heads);
    void revoke(const model::SharedEvent& event);

    Receiver receiver_;
    RevocationReceiver revocation_receiver_;
    GapReader gap_reader_;
    Sharded<Home> homes_;
};

}  // namespace banter::memory
