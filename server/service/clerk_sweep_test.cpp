// That a sweep repairs what lost hooks would have told, whichever node does it.
#include "service/testing/clerk_world.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;

struct ClerkSweepTest : ClerkWorldTest {
    static constexpr int count = 250;

    ClerkSweepTest() { world.sql("DELETE FROM identity_sweeps"); }

    /// As many as make three pages, all of whom have been here and are known as they are at Clerk.
    void be_there() {
        for (int i = 0; i < count; ++i) {
            clerk.user(name(i));
            join(name(i));
        }
    }
    void sweep(Node& node) {
        world.clock.advance(42s);
        node.go_on();
    }
};

TEST_F(ClerkSweepTest, a_week_of_lost_hooks_is_repaired) {
    be_there();
    Node& node = begin();
    sweep(node);
    EXPECT_EQ(name_of(name(count - 1)), "Ada Lovelace") << "nobody has signed in";
    EXPECT_EQ(clerk.questions.size(), 3U);
    world.await_events(count);
    world.events.clear();
    clerk.questions.clear();

    for (int day = 1; day <= 7; ++day) {
        clerk.user(name(day), 1 + day).first_name = "Renamed";
        clerk.user(name(100 + day), 1 + day).banned = true;
        clerk.users.erase(name(200 + day));
    }
    world.clock.advance(7 * 24h);
    sweep(node);
    for (int day = 1; day <= 7; ++day) {
        EXPECT_EQ(name_of(name(day)), "Renamed Lovelace");
        EXPECT_TRUE(find(name(100 + day))->deactivated_at);
        EXPECT_TRUE(find(name(200 + day))->deleted_at);
    }
    world.await_events(21);
    EXPECT_EQ(world.events.size(), 21U) << "of nobody else there was anything to tell";
    EXPECT_EQ(clerk.lists(), 3U);
    EXPECT_EQ(clerk.questions.size(), 3U + 7U) << "who is missing is asked for alone";
    for (const auto& asked : clerk.questions) EXPECT_LE(asked.size(), ClerkQuestions::page_max);
    EXPECT_TRUE(counts("banter_clerk_sweeps_total 2"));

    clerk.user(name(101), 9).banned = false;
    world.clock.advance(25h);
    sweep(node);
    EXPECT_FALSE(find(name(101))->deactivated_at);
}

TEST_F(ClerkSweepTest, who_is_not_found_at_the_first_sweep_is_gone_at_the_next) {
    be_there();
    clerk.users.erase(name(7));
    Node& node = begin();
    sweep(node);
    EXPECT_EQ(clerk.questions[1], std::vector<std::string>{name(7)}) << "alone";
    EXPECT_FALSE(find(name(7))->deleted_at);
    world.clock.advance(25h);
    sweep(node);
    EXPECT_TRUE(find(name(7))->deleted_at);
}

TEST_F(ClerkSweepTest, it_comes_once_a_day_whichever_nodes_there_are) {
    be_there();
    Node& here = begin();
    Node& there = begin();
    for (int day = 1; day <= 3; ++day) {
        for (int minute = 0; minute < 24 * 60; ++minute) {
            world.clock.advance(1min);
            here.directory.go_on();
            there.directory.go_on();
            if (minute % 20 == 0) {
                here.settle();
                there.settle();
            }
        }
        here.settle();
        there.settle();
        EXPECT_LE(clerk.lists(), 3U * static_cast<std::size_t>(day));
    }
    EXPECT_GE(clerk.lists(), 6U);
    // Whoever the sweep has asked for is not asked for at a sign-in.
    const std::size_t asked = clerk.questions.size();
    here.see(name(7));
    here.settle();
    EXPECT_EQ(clerk.questions.size(), asked);
}

TEST_F(ClerkSweepTest, who_is_asked_about_by_the_key_of_another_instance_stays) {
    be_there();
    clerk.users.clear();
    Node& node = begin();
    sweep(node);
    EXPECT_EQ(clerk.questions.size(), 3U) << "nobody is asked for alone";
    for (int i = 0; i < count; ++i) EXPECT_FALSE(find(name(i))->deleted_at);
}

TEST_F(ClerkSweepTest, a_node_that_dies_is_followed_by_another_that_goes_on_where_it_was) {
    be_there();
    Node& first = begin();
    clerk.list_answer = answer_of(ClerkAnswer::Kind::away);
    sweep(first);
    EXPECT_EQ(clerk.questions.size(), 1U);
    clerk.list_answer.reset();
    // It hangs in the middle: the first page is taken, the second is not answered.
    clerk.hangs_after = 2;
    world.clock.advance(1min);
    first.directory.go_on();
    world.run(clerk.hear(loops.front(), 3));
    clerk.hangs_after = SIZE_MAX;
    Node& second = begin();
    sweep(second);
    EXPECT_EQ(clerk.lists(), 3U) << "it is claimed";
    world.clock.advance(SweepClaim::claimed_for);
    sweep(second);
    EXPECT_EQ(clerk.lists(), 5U);
    EXPECT_EQ(clerk.questions[3].front(), name(100)) << "where the first one was";
    EXPECT_EQ(name_of(name(count - 1)), "Ada Lovelace");
    EXPECT_TRUE(counts("banter_clerk_sweeps_total 1"));
}

TEST_F(ClerkSweepTest, a_list_that_is_of_no_use_is_asked_for_one_by_one) {
    for (int i = 0; i < 5; ++i) {
        clerk.user(name(i));
        join(name(i));
    }
    clerk.list_answer = answer_of(ClerkAnswer::Kind::useless);
    Node& node = begin();
    sweep(node);
    EXPECT_EQ(clerk.questions.size(), 6U);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(name_of(name(i)), "Ada Lovelace");
}

TEST_F(ClerkSweepTest, where_nobody_has_been_nobody_is_asked) {
    Node& node = begin();
    sweep(node);
    EXPECT_TRUE(clerk.questions.empty());
    EXPECT_TRUE(counts("banter_clerk_sweeps_total 1"));
}

}  // namespace
}  // namespace banter::service
