// Presence: every user has a home loop (the hash of the id), which alone knows whether the user is
// there, in this process or, as far as they tell, on another node.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/sharded.hpp"
#include "storage/event_bus.hpp"
#include "storage/memory/presence_book.hpp"
#include "storage/node_id.hpp"
#include "storage/presence_store.hpp"

#include <functional>
#include <utility>
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

    /// Told, on the loop of its home, what has become of a user of this process. chosen: the user
    /// wants to be shown so.
    using OwnTeller = std::function<void(const model::UserPresence& own, bool chosen)>;
    /// Before anybody comes.
    void set_own_teller(OwnTeller teller) { own_teller_ = std::move(teller); }
    /// The users of one home who are there. On the loop of the home, so that what it tells of one
    /// of them comes before or after.
    using HereTeller = std::function<void(const std::vector<model::UserPresence>& users)>;
    /// Tells everybody of this process who is there. Returns when all has been told.
    [[nodiscard]] Task<> tell_here(HereTeller teller);

    /// What another node told of a user; offline: it has none any more. These, from one loop, are
    /// taken in their order.
    void hear(storage::NodeId node, const model::UserPresence& told, bool chosen);
    /// The node tells of everybody it has: who isn't heard of until the end is not there.
    void begin_list(storage::NodeId node);
    void end_list(storage::NodeId node);
    /// Nothing was heard of the node for long.
    void lose(storage::NodeId node);

    /// Ends the timers; the loops have to run. Nobody leaves any more. Before the destructor.
    [[nodiscard]] Task<> stop();

private:
    class Home;

    /// The part that knows of the user does something, later.
    template <typename Use>
    void post(model::UserId user, Use use);

    template <typename Use>
    void post_to_all(Use use);

    OwnTeller own_teller_;
    Sharded<Home> homes_;
};

}  // namespace banter::memory
