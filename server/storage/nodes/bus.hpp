// The event bus of one node of several: what happens here is told to the others too, and what they
// tell passes through the node's own bus, which orders it with the rest.
#pragma once

#include "base/metrics.hpp"
#include "storage/memory/event_bus.hpp"
#include "storage/node_id.hpp"
#include "storage/nodes/channels.hpp"
#include "storage/pub_sub.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::nodes {

/// From any loop. An event that takes a rev is told once, by whichever way it came first; one that
/// takes none comes from other nodes only by way of them.
class NodeBus final : public storage::EventBus {
public:
    struct Parts {
        memory::LocalBus& local;
        /// On `loop`, and set up here.
        storage::PubSub& others;
        Executor loop;
        storage::NodeId self;
        metrics::Registry& registry;
    };
    /// Called on the loop of `others`.
    using Hearer = std::function<void(storage::NodeId from, std::string_view bytes)>;

    explicit NodeBus(const Parts& parts);

    void set_receiver(Receiver receiver) override;
    void set_revocation_receiver(RevocationReceiver receiver) override;
    /// What nodes tell each other beside events (Channels::state). Before the start.
    void set_state_hearer(Hearer hearer) { state_hearer_ = std::move(hearer); }

    /// Before anybody is served; until then nothing is told to others. anew: called after a loss,
    /// when something may have been missed.
    void set_installation(Channels channels, storage::PubSub::Anew anew);
    /// After it.
    void start();

    void publish(std::vector<model::SharedEvent> events) override;
    /// From any loop.
    void publish_state(std::string bytes);

    void want(model::ThreadId thread) override;
    void unwant(model::ThreadId thread) override;
    [[nodiscard]] Task<> hear(model::ThreadId thread) override;

private:
    struct Telling {
        std::string channel;
        std::string bytes;
    };

    [[nodiscard]] std::vector<Telling> tellings_of(const std::vector<model::SharedEvent>& events
    ) const;
    void tell(std::vector<Telling> tellings);
    /// On the loop of the others.
    [[nodiscard]] Task<> confirm(std::string channel);
    void receive(std::string_view channel, std::string_view bytes);
    void pass_on();

    Parts parts_;
    std::optional<Channels> channels_;
    Hearer state_hearer_;
    storage::PubSub::Anew anew_;
    /// Of this turn of the loop.
    std::vector<model::SharedEvent> received_;
    metrics::Counter& events_in_;
    metrics::Counter& unreadable_;
};

}  // namespace banter::nodes
