// The event bus that the configuration asks for: of this process alone, or of one node of several
// that tell each other things by way of Redis, and keep there what they have read.
#pragma once

#include "api/ws/hub.hpp"
#include "app/config.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "base/sharded.hpp"
#include "base/task.hpp"
#include "storage/memory/event_bus.hpp"
#include "storage/nodes/bus.hpp"
#include "storage/pub_sub.hpp"
#include "storage/redis/cache.hpp"
#include "storage/redis/options.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace banter::app {

/// Destroyed before the loops are, and after they have ended.
class BusPart : public api::ws::Hub::Interest {
public:
    /// Throws std::runtime_error with a sentence for the operator.
    BusPart(
        const Config& config,
        const Loops& loops,
        const Clock& clock,
        Random& random,
        metrics::Registry& registry
    );
    ~BusPart() override;

    [[nodiscard]] storage::EventBus& bus();
    /// Of this process: where events are ordered.
    [[nodiscard]] memory::LocalBus& local() { return local_; }

    /// Null: there is none.
    [[nodiscard]] storage::SharedCache* shared_cache() { return cache_.get(); }

    /// Null: there are no other nodes.
    [[nodiscard]] nodes::NodeBus* node() { return node_.get(); }

    /// From any loop.
    void want(model::ThreadId thread) override { bus().want(thread); }
    void unwant(model::ThreadId thread) override { bus().unwant(thread); }
    void begin(model::ThreadId thread, model::Rev rev) override { local_.begin(thread, rev); }

    /// Before anybody is served. anew: called on the first loop when something may have been
    /// missed.
    void set_installation(std::string_view epoch, std::function<void()> anew);
    /// From now on other nodes of the installation are told, and heard.
    void start();
    /// The loops have to run. What is published afterwards goes nowhere.
    [[nodiscard]] Task<> stop();

private:
    [[nodiscard]] Task<> stop_others();

    Executor first_loop_;
    memory::LocalBus local_;
    std::optional<redis::RedisOptions> redis_;
    Offload resolving_;
    std::unique_ptr<storage::PubSub> pub_sub_;
    std::unique_ptr<nodes::NodeBus> node_;
    std::unique_ptr<redis::RedisCache> cache_;
};

}  // namespace banter::app
