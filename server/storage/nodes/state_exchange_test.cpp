// Two nodes agree on who is there and on what was taken, also after a loss and when one dies.
#include "storage/nodes/state_exchange.hpp"

#include "storage/nodes/testing/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

namespace banter::nodes {
namespace {

using namespace std::chrono_literals;
using model::Presence;
using testing::ElementsAre;
using testing::IsEmpty;

const model::UserId ada{{{1}}};

constexpr StateExchange::Times fast{.list_every = 20ms, .silence_max = 100ms, .rates_every = 5ms};

struct Node {
    Node(asio::io_context& context, Wire& wire, storage::NodeId number)
        : loops{context.get_executor()}, end(wire), bus({local, end, loops[0], number, registry}) {
        bus.set_receiver([this](const model::SharedEvent& event) {
            const auto& update = std::get<model::PresenceUpdate>(event->body);
            told.emplace_back(wire_name(update.presence));
        });
        bus.set_installation(Channels("epoch"), [this] { exchange.begin_anew(); });
        bus.start();
        exchange.start();
    }

    Loops loops;
    SystemClock clock;
    metrics::Registry registry;
    WireEnd end;
    memory::LocalBus local{loops, clock};
    NodeBus bus;
    memory::LocalPresence presence{loops, clock, bus, registry, {.grace = 0ms}};
    memory::LocalRateLimiter rates{loops, clock};
    StateExchange exchange{{loops[0], bus, presence, rates, clock, fast}};
    std::vector<std::string> told;
};

class StateExchangeTest : public testing::Test {
protected:
    ~StateExchangeTest() override {
        for (auto* node : {here.get(), there.get()}) {
            if (node != nullptr) stop(*node);
        }
    }
    void stop(Node& node) {
        auto stopping = [](Node* of) -> Task<> {
            co_await of->exchange.stop();
            co_await of->presence.stop();
            co_await of->local.stop();
        };
        bool ended = false;
        asio::co_spawn(context, stopping(&node), [&](std::exception_ptr) { ended = true; });
        turn_until([&] { return ended; });
        wire.cut(node.end);
    }
    template <typename Done>
    void turn_until(Done done) {
        while (!done()) {
            context.restart();
            context.run_for(1ms);
        }
    }
    Presence seen(Node& at, model::UserId user) {
        std::vector<model::UserPresence> found;
        auto ask = [](memory::LocalPresence* of, model::UserId whom, auto* into) -> Task<> {
            std::vector<model::UserId> users(1, whom);
            *into = co_await of->find(std::move(users));
        };
        asio::co_spawn(context, ask(&at.presence, user, &found), asio::detached);
        turn_until([&] { return !found.empty(); });
        return found[0].presence;
    }
    void choose(Node& at, Presence presence) {
        bool ended = false;
        asio::co_spawn(context, at.presence.choose(ada, presence), [&](std::exception_ptr) {
            ended = true;
        });
        turn_until([&] { return ended; });
    }
    void turn_until_seen(Node& at, Presence presence) {
        turn_until([&] { return seen(at, ada) == presence; });
    }

    asio::io_context context{1};
    Wire wire;
    std::unique_ptr<Node> here = std::make_unique<Node>(context, wire, 1);
    std::unique_ptr<Node> there = std::make_unique<Node>(context, wire, 2);
};

TEST_F(StateExchangeTest, who_is_on_one_node_is_seen_on_the_other) {
    here->presence.arrive(ada);
    turn_until_seen(*there, Presence::online);
    EXPECT_THAT(there->told, ElementsAre("online"));
    here->presence.leave(ada);
    turn_until_seen(*there, Presence::offline);
    EXPECT_THAT(there->told, ElementsAre("online", "offline"));
}

TEST_F(StateExchangeTest, who_is_on_both_is_there_until_both_are_left) {
    here->presence.arrive(ada);
    there->presence.arrive(ada);
    turn_until([&] { return here->told.size() + there->told.size() >= 2; });
    here->presence.leave(ada);
    turn_until_seen(*here, Presence::online);
    there->presence.leave(ada);
    turn_until_seen(*here, Presence::offline);
    EXPECT_THAT(here->told, ElementsAre("online", "offline"));
    EXPECT_THAT(there->told, ElementsAre("online", "offline"));
}

TEST_F(StateExchangeTest, what_is_chosen_at_one_counts_at_the_other_and_for_later_connections) {
    here->presence.arrive(ada);
    choose(*here, Presence::dnd);
    turn_until_seen(*there, Presence::dnd);
    there->presence.arrive(ada);
    turn_until_seen(*there, Presence::dnd);
    EXPECT_THAT(there->told, ElementsAre("online", "dnd"));
}

TEST_F(StateExchangeTest, a_node_that_begins_learns_who_is_there) {
    here->presence.arrive(ada);
    turn_until_seen(*there, Presence::online);
    Node late(context, wire, 3);
    turn_until_seen(late, Presence::online);
    stop(late);
}

TEST_F(StateExchangeTest, what_was_lost_is_right_again_with_the_next_list) {
    here->presence.arrive(ada);
    turn_until_seen(*there, Presence::online);
    wire.drops = true;
    here->presence.leave(ada);
    turn_until_seen(*here, Presence::offline);
    wire.drops = false;
    turn_until_seen(*there, Presence::offline);
}

TEST_F(StateExchangeTest, a_node_that_says_nothing_for_long_has_nobody) {
    here->presence.arrive(ada);
    turn_until_seen(*there, Presence::online);
    wire.cut(here->end);
    turn_until_seen(*there, Presence::offline);
    EXPECT_EQ(seen(*here, ada), Presence::online);
}

TEST_F(StateExchangeTest, a_node_that_ends_has_nobody) {
    here->presence.arrive(ada);
    turn_until_seen(*there, Presence::online);
    stop(*here);
    here.reset();
    turn_until_seen(*there, Presence::offline);
}

TEST_F(StateExchangeTest, what_is_taken_at_one_is_missing_at_the_other) {
    constexpr storage::Rate rate{.per_second = 0.001, .burst = 3};
    const auto take = [&](Node& at) {
        bool taken = false;
        bool answered = false;
        auto ask = [](memory::LocalRateLimiter* of, bool* got, bool* done) -> Task<> {
            const auto wait = co_await of->take("key", rate);
            *got = !wait;
            *done = true;
        };
        asio::co_spawn(context, ask(&at.rates, &taken, &answered), asio::detached);
        turn_until([&] { return answered; });
        return taken;
    };
    turn_until([&] { return wire.told.size() >= 2; });
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(take(*here));
    const std::size_t before = wire.told.size();
    turn_until([&] { return wire.told.size() > before + 4; });
    EXPECT_FALSE(take(*there));
}

}  // namespace
}  // namespace banter::nodes
