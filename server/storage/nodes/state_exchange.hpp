// Tells other nodes who is here and what was taken from rates, and takes over what they tell.
//
// Each node tells everybody it has again and again, which is also its sign of life: whatever was
// lost is right after that, and who says nothing for long has nobody any more.
#pragma once

#include "base/clock.hpp"
#include "base/task_group.hpp"
#include "storage/memory/presence_store.hpp"
#include "storage/memory/rate_limiter.hpp"
#include "storage/node_id.hpp"
#include "storage/nodes/bus.hpp"
#include "storage/nodes/state_codec.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <span>
#include <string_view>

namespace banter::nodes {

/// On the loop of the bus's PubSub.
class StateExchange {
public:
    struct Times {
        std::chrono::milliseconds list_every = std::chrono::seconds(15);
        std::chrono::milliseconds silence_max = std::chrono::seconds(45);
        std::chrono::milliseconds rates_every{200};
    };
    struct Parts {
        Executor loop;
        NodeBus& bus;
        memory::LocalPresence& presence;
        memory::LocalRateLimiter& rates;
        const Clock& clock;
        Times times;
    };

    explicit StateExchange(const Parts& parts);

    void start();
    /// Tells the others that this node has nobody any more.
    [[nodiscard]] Task<> stop();

    /// What another node told.
    void hear(storage::NodeId from, std::string_view bytes);
    /// Something may have been missed: asks all for everybody they have.
    void begin_anew();

private:
    void take(storage::NodeId from, const PresenceNews& news);
    void take(storage::NodeId from, const PresenceList& list);
    void take(storage::NodeId from, const NodeNews& news);
    void take(storage::NodeId from, const RateNews& news);

    void tell(const State& state) { parts_.bus.publish_state(encode_state(state)); }
    [[nodiscard]] Task<> tell_lists();
    [[nodiscard]] Task<> tell_list();
    void tell_here(std::span<const model::UserPresence> users);
    [[nodiscard]] Task<> tell_rates();
    void lose_the_silent();

    Parts parts_;
    boost::unordered_flat_map<storage::NodeId, SteadyTime> heard_at_;
    Timer next_list_;
    Timer next_rates_;
    bool asked_ = false;
    bool stopping_ = false;
    TaskGroup tasks_;
};

}  // namespace banter::nodes
