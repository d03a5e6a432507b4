// Who is asked for at Clerk and when, however it answers, and that a sweep repairs what lost hooks
// would have told; on a clock that the tests turn.
#include "service/clerk_directory.hpp"

#include "service/identities.hpp"
#include "service/testing/world.hpp"

#include <map>

namespace banter::service {
namespace {

using namespace std::chrono_literals;

constexpr const char* issuer = "https://clerk.example";
constexpr storage::Rate live_rate{.per_second = 25, .burst = 250};

/// An instance of Clerk that is asked.
struct StandIn {
    std::map<std::string, ClerkUser> users;
    /// In place of an answer.
    std::optional<ClerkAnswer> answer;
    /// Of lists only.
    std::optional<ClerkAnswer> list_answer;
    /// Questions after so many are not answered.
    std::size_t hangs_after = SIZE_MAX;
    std::vector<std::vector<std::string>> questions;
    std::size_t at_once = 0, at_once_most = 0;
    /// Until so many are under way at once none is answered.
    std::size_t answers_from = 1;

    Task<ClerkAnswer> ask(Executor loop, std::vector<std::string> subjects) {
        questions.push_back(subjects);
        at_once_most = std::max(at_once_most, ++at_once);
        // Whoever comes meanwhile finds it under way.
        Timer timer(loop, std::chrono::milliseconds(1));
        if (questions.size() > hangs_after) timer.expires_at(Timer::time_point::max());
        co_await timer.async_wait(use_task);
        while (at_once_most < answers_from) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(use_task);
        }
        --at_once;
        if (answer) co_return *answer;
        if (list_answer && subjects.size() > 1) co_return *list_answer;
        ClerkAnswer found;
        found.kind = ClerkAnswer::Kind::users;
        for (const std::string& subject : subjects) {
            if (users.contains(subject)) found.users.push_back(users[subject]);
        }
        if (subjects.size() == 1 && found.users.empty()) found.kind = ClerkAnswer::Kind::gone;
        co_return found;
    }

    /// Returns when so many were asked.
    Task<> hear(Executor loop, std::size_t count) {
        Timer timer(loop);
        while (questions.size() < count) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(use_task);
        }
    }

    [[nodiscard]] std::size_t lists() const {
        return static_cast<std::size_t>(std::ranges::count_if(questions, [](const auto& asked) {
            return asked.size() > 1;
        }));
    }

    ClerkUser& user(const std::string& subject, int at = 1) {
        ClerkUser& user = users[subject];
        user.subject = subject;
        user.first_name = "Ada";
        user.last_name = "Lovelace";
        user.updated_at = Timestamp(std::chrono::seconds(at));
        return user;
    }
};

ClerkAnswer answer_of(ClerkAnswer::Kind kind, std::chrono::milliseconds retry_after = 0ms) {
    ClerkAnswer answer;
    answer.kind = kind;
    answer.retry_after = retry_after;
    answer.why = "so it is";
    return answer;
}

struct ClerkDirectoryTest : ::testing::Test {
    /// One that runs in a process of its own, as far as it can tell.
    struct Node {
        Node(ClerkDirectoryTest& test, storage::Rate rate)
            : directory(
                  {issuer, test.world.installation().workspace.id, rate},
                  {test.loops,
                   test.world->stores.hooks,
                   test.world->stores.identity_checks,
                   test.world->storage.rates,
                   test.world.clock,
                   test.random,
                   test.world->ids,
                   test.registry},
                  [&test](std::vector<std::string> subjects) {
                      return test.clerk.ask(test.loops.front(), std::move(subjects));
                  }
              ),
              world(test.world) {}
        ~Node() { world.run(directory.stop()); }
        Node(const Node&) = delete;
        Node& operator=(const Node&) = delete;

        void settle() { world.run(directory.settle()); }
        void see(std::string_view subject, std::size_t loop = 0) { directory.see(loop, subject); }
        void go_on() {
            directory.go_on();
            settle();
        }

        ClerkDirectory directory;
        World& world;
    };

    ClerkDirectoryTest() {
        // Else a sweep would ask for those whom these tests are about.
        world.sql("INSERT INTO identity_sweeps VALUES ('https://clerk.example', 0, 0, '', 1 << 60)"
        );
    }

    Node& begin(storage::Rate rate = live_rate) {
        nodes.push_back(std::make_unique<Node>(*this, rate));
        return *nodes.back();
    }
    /// Whoever has come by way of Clerk.
    void join(const std::string& subject) {
        Identities identities(world->storage, world.installation(), world.clock, world->ids);
        Claims claims;
        claims.issuer = issuer;
        claims.subject = subject;
        claims.issued_at = world.clock.now();
        ASSERT_TRUE(world.run(identities.make(claims)));
    }
    std::optional<model::User> find(const std::string& subject) {
        const auto workspace = world.installation().workspace.id;
        storage::Identity identity{issuer, subject};
        auto known =
            world.run(world->storage.users.find_by_identity(workspace, std::move(identity)));
        if (!known) return std::nullopt;
        return std::move(known->user);
    }
    std::string name_of(const std::string& subject) { return find(subject)->display_name; }
    void sign_in(Node& node, const std::string& subject, std::size_t loop = 0) {
        join(subject);
        node.see(subject, loop);
        node.settle();
    }
    [[nodiscard]] bool counts(const std::string& line) const {
        return registry.text().find(line + "\n") != std::string::npos;
    }
    static std::string name(int number) { return "user_" + std::to_string(1000 + number); }

    World world{{}, 2};
    Loops loops{world.waiting.loop(0), world.waiting.loop(1)};
    SeededRandom random{3};
    metrics::Registry registry;
    StandIn clerk;
    std::vector<std::unique_ptr<Node>> nodes;
};

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

// --- The sweep

struct ClerkSweepTest : ClerkDirectoryTest {
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
    world.clock.advance(ClerkSweep::claimed_for);
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
