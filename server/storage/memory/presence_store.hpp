// Presence in one process: every user has a home loop (the hash of the id), which alone knows
// whether the user is there.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/sharded.hpp"
#include "storage/event_bus.hpp"
#include "storage/memory/presence_book.hpp"
#include "storage/presence_store.hpp"

#include <vector>

namespace banter::memory {

class LocalPresence final : public storage::PresenceStore {
public:
    LocalPresence(
        const Loops& loops,
        const Clock& clock,
        storage::EventBus& bus,
        metrics::Registry& registry,
        PresenceLimits limits = {}
    );
    ~LocalPresence() override;

    void arrive(model::UserId user) override;
    void leave(model::UserId user) override;
    void touch(model::UserId user) override;
    [[nodiscard]] Task<> choose(model::UserId user, model::Presence presence) override;
    [[nodiscard]] Task<std::vector<model::UserPresence>> find(std::vector<model::UserId> users
    ) override;

    /// Ends the timers; the loops have to run. Nobody leaves any more. Before the destructor.
    [[nodiscard]] Task<> stop();

private:
    class Home;

    /// The part that knows of the user does something, later.
    template <typename Use>
    void post(model::UserId user, Use use);

    Sharded<Home> homes_;
};

}  // namespace banter::memory
