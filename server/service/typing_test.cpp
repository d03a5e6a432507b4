// Typing: told to the others, bounded, never stored.
#include "service/typing.hpp"

#include "service/testing/world.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;

class TypingTest : public ::testing::Test {
protected:
    Result<bool> type(Caller caller, model::ThreadId thread, bool typing = true) {
        return world.run(world->typing.update(caller, thread, typing));
    }

    World world;
    Caller ada = world.caller("ada");
    Caller eve = world.caller("eve");
    model::ThreadId general = world.channel(ada, "general");
};

TEST_F(TypingTest, starting_and_stopping_is_told_and_takes_no_rev) {
    EXPECT_TRUE(type(ada, general));
    EXPECT_TRUE(type(ada, general, false));
    world.await_events(2);
    const auto& started = std::get<model::TypingUpdate>(world.events[0]->body);
    EXPECT_EQ(world.events[0]->rev, 0U);
    EXPECT_EQ(world.events[0]->thread, general);
    EXPECT_EQ(started.user, ada.user);
    EXPECT_EQ(started.thread, general);
    EXPECT_TRUE(started.typing);
    EXPECT_EQ(started.expires_in, 6s);
    const auto& stopped = std::get<model::TypingUpdate>(world.events[1]->body);
    EXPECT_FALSE(stopped.typing);
    EXPECT_EQ(stopped.expires_in, 0s);
    EXPECT_EQ(world.run(world->threads.find(ada, general))->thread.rev, 0U);
}

TEST_F(TypingTest, two_a_second_for_a_thread_are_told_and_the_next_is_refused) {
    const auto other = world.channel(ada, "other");
    EXPECT_TRUE(type(ada, general));
    EXPECT_TRUE(type(ada, general));
    const auto refused = type(ada, general);
    EXPECT_EQ(code_of(refused), Errc::rate_limited);
    EXPECT_GT(refused.error().retry_after, 0ms);
    EXPECT_TRUE(type(ada, other));
    world.join(eve, general);
    EXPECT_TRUE(type(eve, general));
    world.clock.advance(500ms);
    EXPECT_TRUE(type(ada, general));
}

TEST_F(TypingTest, only_members_type_and_what_is_hidden_does_not_exist) {
    const auto secret = world.channel(ada, "secret", model::Visibility::private_);
    const auto nowhere = world->ids.make<model::ThreadId>();
    EXPECT_EQ(code_of(type(eve, general)), Errc::forbidden);
    EXPECT_EQ(code_of(type(eve, secret)), Errc::not_found);
    EXPECT_EQ(type(eve, secret).error(), type(eve, nowhere).error());
    EXPECT_TRUE(type(ada, secret));
    world.await_events(1);
    EXPECT_EQ(world.events.size(), 1U);
}

}  // namespace
}  // namespace banter::service
