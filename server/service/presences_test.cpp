// Presence: whom one may watch, what is told, how often.
#include "service/presences.hpp"

#include "service/testing/world.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using model::Presence;

class PresencesTest : public ::testing::Test {
protected:
    Result<Presence> set(Caller caller, Presence presence) {
        return world.run(world->presences.set(caller, presence));
    }
    Result<std::vector<model::UserId>> watchable(Caller caller, std::vector<model::UserId> users) {
        return world.run(world->presences.watchable(caller, std::move(users)));
    }
    Presence shown(const Caller& caller) {
        return world.run(world->presences.find({caller.user})).front().presence;
    }

    World world;
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
    model::UserId nobody = world->ids.make<model::UserId>();
};

TEST_F(PresencesTest, who_comes_is_online_and_then_what_is_chosen_and_each_is_told) {
    EXPECT_EQ(shown(ada), Presence::offline);
    world->presences.arrive(ada);
    EXPECT_EQ(set(ada, Presence::dnd).value(), Presence::dnd);
    EXPECT_EQ(shown(ada), Presence::dnd);
    world.await_events(2);
    std::vector<Presence> told;
    for (const auto& event : world.events) {
        EXPECT_EQ(event->rev, 0U);
        const auto& update = std::get<model::PresenceUpdate>(event->body);
        EXPECT_EQ(update.user, ada.user);
        EXPECT_EQ(update.last_active_at, world.clock.now());
        told.push_back(update.presence);
    }
    EXPECT_EQ(told, (std::vector{Presence::online, Presence::dnd}));
}

TEST_F(PresencesTest, activity_is_known_to_a_minute) {
    const auto last_active = [&] {
        return world.run(world->presences.find({ada.user})).front().last_active_at;
    };
    const auto active = [&] {
        world->presences.touch(ada);
        return last_active();
    };
    world->presences.arrive(ada);
    const Timestamp came = world.clock.now();
    EXPECT_EQ(last_active(), came);
    world.clock.advance(59s);
    EXPECT_EQ(active(), came);
    world.clock.advance(1s);
    EXPECT_EQ(active(), came + 1min);
    EXPECT_EQ(world.events.size(), 1U) << "that alone is not told";
}

TEST_F(PresencesTest, users_of_the_workspace_may_be_watched_each_once) {
    auto found = watchable(ada, {bob.user, nobody, ada.user, bob.user}).value();
    std::sort(found.begin(), found.end());
    std::vector expected{ada.user, bob.user};
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found, expected);
    EXPECT_TRUE(watchable(ada, {})->empty());
    Caller foreign = ada;
    foreign.workspace = world->ids.make<model::WorkspaceId>();
    EXPECT_TRUE(watchable(foreign, {ada.user, bob.user})->empty());
}

TEST_F(PresencesTest, ten_changes_at_once_are_taken_and_then_one_a_second) {
    world->presences.arrive(ada);
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(set(ada, i % 2 == 0 ? Presence::away : Presence::online)) << i;
    }
    const auto refused = set(ada, Presence::away);
    EXPECT_EQ(code_of(refused), Errc::rate_limited);
    EXPECT_GT(refused.error().retry_after, 0ms);
    EXPECT_LE(refused.error().retry_after, 1s);
    EXPECT_EQ(shown(ada), Presence::online) << "what was refused changes nothing";
    world->presences.arrive(bob);
    EXPECT_TRUE(set(bob, Presence::away)) << "another user";
    world.clock.advance(1s);
    EXPECT_TRUE(set(ada, Presence::away));
}

TEST_F(PresencesTest, twenty_watches_at_once_are_taken) {
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(watchable(ada, {bob.user})) << i;
    EXPECT_EQ(code_of(watchable(ada, {bob.user})), Errc::rate_limited);
    EXPECT_TRUE(watchable(bob, {ada.user}));
}

TEST(PresencesEverywhere, what_one_loop_has_told_the_others_see) {
    World world({}, 3);
    std::vector<Caller> people;
    for (int i = 0; i < 6; ++i) people.push_back(world.caller("user" + std::to_string(i)));
    for (std::size_t i = 0; i < people.size(); ++i) {
        Place& place = world.at(i % 3);
        place.presences.arrive(people[i]);
        world.run(place.presences.set(people[i], Presence::away), i % 3).value();
    }
    std::vector<model::UserId> ids;
    for (const Caller& person : people) ids.push_back(person.user);
    for (std::size_t loop = 0; loop < 3; ++loop) {
        const auto found = world.run(world.at(loop).presences.find(ids), loop);
        EXPECT_EQ(found.size(), people.size());
        for (const auto& presence : found) EXPECT_EQ(presence.presence, Presence::away);
    }
}

}  // namespace
}  // namespace banter::service
