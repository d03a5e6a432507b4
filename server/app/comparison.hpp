// Compares what this node has told its clients with what the database says, again and again: what
// another node changed and no event told is found so, however healthy the events look.
#pragma once

#include "api/ws/hub.hpp"
#include "app/change_window.hpp"
#include "base/random.hpp"
#include "base/sharded.hpp"
#include "base/task_group.hpp"
#include "storage/change_store.hpp"
#include "storage/memory/event_bus.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace banter::app {

/// On the first loop.
class Comparison {
public:
    /// Between two looks, a quarter more or less.
    static constexpr std::chrono::milliseconds every{1'000};
    /// Transactions that began so long ago may commit now. In ticks of four seconds.
    static constexpr storage::Tick window = 8;

    struct Parts {
        Loops loops;
        /// Of each loop.
        std::vector<api::ws::Hub*> hubs;
        memory::LocalBus& bus;
        storage::ChangeStore& changes;
    };

    explicit Comparison(Parts parts);

    void start();
    /// Looks at once: something may have been missed.
    void look_now();
    [[nodiscard]] Task<> stop();

    /// One look.
    [[nodiscard]] Task<> look();

private:
    using Heads = std::vector<memory::KnownHead>;
    /// Of each hub.
    using Moments = std::vector<api::ws::Hub::Moment>;

    [[nodiscard]] Task<> go_on();
    [[nodiscard]] Task<> compare();
    [[nodiscard]] Task<> compare_heads(std::vector<storage::ChangedThread> threads);
    /// Those that somebody here has to do with, with what the hubs know where no event is known.
    [[nodiscard]] Task<Heads> wanted_of(Heads heads);
    [[nodiscard]] Task<> compare_access(model::ThreadId thread);
    [[nodiscard]] Task<bool> end_reading(
        model::ThreadId thread,
        model::UserId user,
        Moments read_after
    );
    [[nodiscard]] Task<> compare_members(
        std::vector<model::MemberUpdate> members,
        Moments read_after
    );
    [[nodiscard]] Task<Moments> moments();

    template <typename Use>
    [[nodiscard]] Task<std::invoke_result_t<Use&, api::ws::Hub&>> at_hub(std::size_t loop, Use use);

    Parts parts_;
    SystemRandom random_;
    ChangeWindow window_;
    /// When the last look was that came to its end.
    storage::Tick compared_ = 0;
    Timer timer_;
    bool stopping_ = false;
    /// Somebody asked for a look while one was under way.
    bool again_ = false;
    bool away_ = false;
    TaskGroup tasks_;
};

}  // namespace banter::app
