// Presence in one process: counted at the user's home, told on the bus, asked from any loop.
#include "storage/memory/presence_store.hpp"

#include "storage/memory/event_bus.hpp"
#include "storage/testing/run_task.hpp"

#include <gmock/gmock.h>

#include <string>

namespace banter::memory {
namespace {

using namespace std::chrono_literals;
using model::Presence;
using testing::ElementsAre;

model::UserId user_of(std::uint8_t number) {
    model::UserId user;
    user.uuid.bytes[15] = number;
    user.uuid.bytes[8] = number;
    return user;
}

/// Loops of one thread, turned until what is waited for has come.
class LocalPresenceTest : public testing::Test {
protected:
    LocalPresenceTest() {
        bus.set_receiver([this](const model::SharedEvent& event) {
            const auto& update = std::get<model::PresenceUpdate>(event->body);
            told.push_back(std::string(wire_name(update.presence)));
        });
    }
    ~LocalPresenceTest() override {
        run(presence.stop());
        run(bus.stop());
    }

    template <typename Done>
    void turn_until(Done done) {
        while (!done()) {
            for (std::size_t i = 0; i < loops.size(); ++i) {
                loops[i].restart();
                loops[i].poll();
            }
        }
    }
    void run(Task<> task) {
        bool ended = false;
        asio::co_spawn(loops[0], std::move(task), [&](std::exception_ptr failure) {
            ended = true;
            EXPECT_FALSE(failure);
        });
        turn_until([&] { return ended; });
    }
    std::vector<model::UserPresence> find(std::vector<model::UserId> users) {
        std::vector<model::UserPresence> found;
        auto ask = [](LocalPresence& from, auto whom, auto& into) -> Task<> {
            into = co_await from.find(std::move(whom));
        };
        run(ask(presence, std::move(users), found));
        return found;
    }
    void await_told(std::size_t count) {
        turn_until([&] { return told.size() >= count; });
    }

    storage::TestLoops loops{2};
    SystemClock clock;
    LocalBus bus{loops.executors(), clock};
    metrics::Registry registry;
    LocalPresence presence{loops.executors(), clock, bus, registry, {.grace = 1ms}};
    std::vector<std::string> told;
    /// Of which each loop is the home of one.
    model::UserId ada = user_of(2);
    model::UserId bob = user_of(3);
};

TEST_F(LocalPresenceTest, coming_choosing_and_leaving_are_told_once_each) {
    presence.arrive(ada);
    presence.arrive(ada);
    run(presence.choose(ada, Presence::dnd));
    run(presence.choose(ada, Presence::dnd));
    presence.leave(ada);
    presence.leave(ada);
    await_told(3);
    EXPECT_THAT(told, ElementsAre("online", "dnd", "offline"));
    run(presence.choose(ada, Presence::away));
    EXPECT_EQ(told.size(), 3U) << "who is gone can't choose";
}

TEST_F(LocalPresenceTest, users_of_every_loop_are_found_with_what_was_told_before) {
    EXPECT_NE(ada.hash() % 2, bob.hash() % 2);
    presence.arrive(ada);
    presence.arrive(bob);
    run(presence.choose(bob, Presence::away));
    auto found = find({ada, bob, user_of(9)});
    ASSERT_EQ(found.size(), 3U);
    std::ranges::sort(found, {}, &model::UserPresence::user);
    EXPECT_EQ(found[0].user, ada);
    EXPECT_EQ(found[0].presence, Presence::online);
    EXPECT_TRUE(found[0].last_active_at);
    EXPECT_EQ(found[1].presence, Presence::away);
    EXPECT_EQ(found[2].presence, Presence::offline);
    EXPECT_FALSE(found[2].last_active_at);
    EXPECT_TRUE(find({}).empty());
}

TEST_F(LocalPresenceTest, many_who_leave_at_different_times_are_all_told) {
    for (std::uint8_t number = 10; number < 60; ++number) {
        presence.arrive(user_of(number));
        presence.leave(user_of(number));
        for (std::size_t i = 0; i < loops.size(); ++i) {
            loops[i].restart();
            loops[i].poll();
        }
    }
    await_told(100);
    EXPECT_EQ(std::ranges::count(told, "online"), 50);
    EXPECT_EQ(std::ranges::count(told, "offline"), 50);
}

}  // namespace
}  // namespace banter::memory
