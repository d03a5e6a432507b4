// Who is asked for at Clerk and when, however it answers.
#include "service/testing/clerk_world.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;

using ClerkDirectoryTest = ClerkWorldTest;

TEST_F(ClerkDirectoryTest, who_signs_in_gets_what_clerk_has_of_them_and_everybody_is_told) {
    ClerkUser& ada = clerk.user("user_1");
    ada.username = "Countess";
    ada.picture = "https://img.clerk.example/1";
    Node& node = begin();
    sign_in(node, "user_1", 1);
    EXPECT_EQ(name_of("user_1"), "Ada Lovelace");
    EXPECT_EQ(find("user_1")->handle, "countess");
    EXPECT_EQ(find("user_1")->avatar_url, "https://img.clerk.example/1");
    world.await_events(1);
    ASSERT_EQ(world.events.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<model::UserUpdate>(world.events[0]->body));
    EXPECT_TRUE(counts("banter_clerk_questions_total{answer=\"users\"} 1"));
    EXPECT_TRUE(counts("banter_clerk_taken_total 1"));
}

TEST_F(ClerkDirectoryTest, a_thousand_sign_ins_of_one_user_are_one_question_a_day) {
    clerk.user("user_1");
    join("user_1");
    Node& node = begin();
    for (std::size_t i = 0; i < 1'000; ++i) node.see("user_1", i % 2);
    node.settle();
    EXPECT_EQ(clerk.questions.size(), 1U);
    for (int hour = 1; hour < 24; ++hour) {
        world.clock.advance(1h);
        node.see("user_1");
        node.settle();
    }
    begin().see("user_1", 1);
    nodes.back()->settle();
    EXPECT_EQ(clerk.questions.size(), 1U) << "nor does another node ask, or one that began anew";
    world.clock.advance(1h);
    node.see("user_1");
    node.settle();
    EXPECT_EQ(clerk.questions.size(), 2U);
}

TEST_F(ClerkDirectoryTest, two_nodes_ask_for_one_user_once) {
    clerk.user("user_1");
    join("user_1");
    Node& here = begin();
    Node& there = begin();
    here.see("user_1");
    there.see("user_1");
    here.settle();
    there.settle();
    EXPECT_EQ(clerk.questions.size(), 1U);
}

TEST_F(ClerkDirectoryTest, what_people_changed_here_stays_until_clerk_has_something_new) {
    clerk.user("user_1");
    Node& node = begin();
    sign_in(node, "user_1");
    world.sql("UPDATE users SET display_name = 'Changed' WHERE display_name = 'Ada Lovelace'");
    world.clock.advance(24h);
    node.see("user_1");
    node.settle();
    EXPECT_EQ(clerk.questions.size(), 2U);
    EXPECT_EQ(name_of("user_1"), "Changed");
    clerk.user("user_1", 2).first_name = "Augusta";
    world.clock.advance(24h);
    node.see("user_1");
    node.settle();
    EXPECT_EQ(name_of("user_1"), "Augusta Lovelace");
}

TEST_F(ClerkDirectoryTest, nobody_is_gone_to_a_key_that_has_named_nobody) {
    Node& node = begin();
    sign_in(node, "user_1");
    EXPECT_FALSE(find("user_1")->deleted_at);
    clerk.user("user_2");
    sign_in(node, "user_2");
    world.clock.advance(24h);
    node.see("user_1");
    node.settle();
    EXPECT_TRUE(find("user_1")->deleted_at);
    EXPECT_EQ(clerk.questions.size(), 3U);
    world.clock.advance(24h);
    node.see("user_1");
    node.settle();
    EXPECT_EQ(clerk.questions.size(), 3U) << "for who is gone nobody asks";
}

TEST_F(ClerkDirectoryTest, who_has_just_come_and_is_not_found_yet_is_asked_for_again) {
    clerk.user("user_1");
    Node& node = begin();
    sign_in(node, "user_1");
    for (const char* subject : {"user_2", "user_3"}) {
        sign_in(node, subject);
        EXPECT_FALSE(find(subject)->deleted_at) << "it is the first time";
    }
    world.clock.advance(ClerkDirectory::doubted_for - 1s);
    begin().see("user_2");
    nodes.back()->settle();
    EXPECT_EQ(clerk.questions.size(), 3U);
    clerk.user("user_2");
    world.clock.advance(61min);
    for (const char* subject : {"user_2", "user_3"}) node.see(subject);
    node.settle();
    EXPECT_EQ(name_of("user_2"), "Ada Lovelace");
    EXPECT_TRUE(find("user_3")->deleted_at);
}

TEST_F(ClerkDirectoryTest, while_clerk_is_away_one_asks_ever_more_rarely_until_it_is_back) {
    clerk.answer = answer_of(ClerkAnswer::Kind::away);
    Node& node = begin();
    for (int i = 0; i < 20; ++i) {
        clerk.user(name(i));
        join(name(i));
        node.see(name(i));
    }
    node.settle();
    const std::size_t at_first = clerk.questions.size();
    EXPECT_LE(at_first, ClerkDirectory::at_once_max);
    node.go_on();
    EXPECT_EQ(clerk.questions.size(), at_first) << "not yet";
    for (int second = 0; second < 120; ++second) {
        world.clock.advance(1s);
        node.go_on();
    }
    EXPECT_LE(clerk.questions.size(), at_first + 7) << "after 1, 2, 4, 8, 16, 32 and 60 s";
    EXPECT_GE(clerk.questions.size(), at_first + 5);
    clerk.answer.reset();
    world.clock.advance(60s);
    node.go_on();
    node.go_on();
    EXPECT_EQ(name_of(name(19)), "Ada Lovelace");
}

TEST_F(ClerkDirectoryTest, whoever_was_asked_for_in_vain_is_asked_for_at_the_next_sign_in) {
    clerk.answer = answer_of(ClerkAnswer::Kind::away);
    clerk.user("user_1");
    Node& node = begin();
    sign_in(node, "user_1");
    for (int minute = 0; minute < 10; ++minute) {
        world.clock.advance(1min);
        node.go_on();
    }
    EXPECT_TRUE(counts("banter_clerk_waiting 0"));
    EXPECT_TRUE(counts("banter_clerk_dropped_total 1"));
    clerk.answer.reset();
    world.clock.advance(5min);
    node.see("user_1");
    node.settle();
    EXPECT_EQ(name_of("user_1"), "Ada Lovelace");
}

TEST_F(ClerkDirectoryTest, clerk_is_left_alone_as_long_as_it_says) {
    clerk.answer = answer_of(ClerkAnswer::Kind::limited, 40s);
    clerk.user("user_1");
    Node& node = begin();
    sign_in(node, "user_1");
    EXPECT_EQ(clerk.questions.size(), 1U);
    clerk.answer.reset();
    sign_in(node, "user_2");
    world.clock.advance(39s);
    node.go_on();
    EXPECT_EQ(clerk.questions.size(), 1U);
    world.clock.advance(1s);
    node.go_on();
    EXPECT_EQ(name_of("user_1"), "Ada Lovelace");
}

TEST_F(ClerkDirectoryTest, questions_are_within_the_rate_and_few_at_once) {
    const storage::Rate rate{.per_second = 2.5, .burst = 25};
    Node& node = begin(rate);
    clerk.answers_from = 2;
    for (int i = 0; i < 100; ++i) {
        clerk.user(name(i));
        join(name(i));
        node.see(name(i));
    }
    node.settle();
    EXPECT_LE(clerk.questions.size(), 25U);
    EXPECT_LE(clerk.at_once_most, ClerkDirectory::at_once_max);
    EXPECT_GT(clerk.at_once_most, 1U);
    for (int i = 0; i < 40; ++i) {
        world.clock.advance(250ms);
        node.go_on();
    }
    EXPECT_LE(clerk.questions.size(), 50U) << "half of what is allowed in 10 s";
    EXPECT_GE(clerk.questions.size(), 45U);
    for (int i = 0; i < 120; ++i) {
        world.clock.advance(250ms);
        node.go_on();
    }
    EXPECT_EQ(name_of(name(99)), "Ada Lovelace");
}

TEST_F(ClerkDirectoryTest, no_more_than_so_many_wait_and_the_others_come_later) {
    clerk.answer = answer_of(ClerkAnswer::Kind::limited, 60s);
    Node& node = begin();
    node.see("user_first");
    node.settle();
    constexpr int more = 5;
    for (int i = 0; i < static_cast<int>(ClerkDirectory::waiting_max) + more - 1; ++i)
        node.see(name(i));
    node.settle();
    EXPECT_TRUE(counts("banter_clerk_waiting 10000"));
    EXPECT_TRUE(counts("banter_clerk_dropped_total 5")) << registry.text();
    EXPECT_EQ(clerk.questions.size(), 1U);
}

TEST_F(ClerkDirectoryTest, an_answer_that_is_of_no_use_is_one_for_a_day) {
    clerk.answer = answer_of(ClerkAnswer::Kind::useless);
    Node& node = begin();
    sign_in(node, "user_1");
    world.clock.advance(23h);
    node.see("user_1");
    node.settle();
    EXPECT_EQ(clerk.questions.size(), 1U);
    EXPECT_FALSE(find("user_1")->deleted_at);
}

TEST_F(ClerkDirectoryTest, what_is_no_id_of_clerk_is_not_asked_for) {
    Node& node = begin();
    for (const char* subject :
         {"",
          "..",
          "../users",
          "+user_1",
          "-user_1",
          "user 1",
          "user_1?x=1",
          "user_1/ban",
          "user%5f1",
          "\xC3\xA4"}) {
        node.see(subject);
    }
    node.settle();
    EXPECT_TRUE(clerk.questions.empty());
}

TEST_F(ClerkDirectoryTest, it_stops_while_an_answer_is_on_its_way) {
    clerk.hangs_after = 0;
    join("user_1");
    Node& node = begin();
    node.see("user_1");
    world.run(clerk.hear(loops.front(), 1));
    nodes.clear();
    EXPECT_EQ(clerk.questions.size(), 1U);
}

}  // namespace
}  // namespace banter::service
