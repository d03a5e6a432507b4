// What is published is heard while there is a connection, and again after it was lost.
// BANTER_TEST_REDIS is where, as `--redis` takes it: a server of this machine.
#include "storage/redis/testing/pubsub.hpp"
#include "storage/redis/testing/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace banter::redis {
namespace {

using namespace std::chrono_literals;
using Strings = PubSub::Strings;

constexpr const char* alone = "BANTER_TEST_REDIS";

class RedisPubSub : public ::testing::Test, protected PubSub {
protected:
    RedisPubSub() : PubSub(options_in(alone), Way::through_network) {}
};

TEST_F(RedisPubSub, after_a_confirmation_everything_is_heard_in_its_order) {
    subscriber.want(channel("a"));
    ASSERT_TRUE(confirm(channel("a")));
    Strings expected;
    for (int i = 0; i < 1'000; ++i) {
        publisher.publish(channel("a"), std::to_string(i));
        publisher.publish(channel("b"), "nobody wants it");
        expected.push_back("a=" + std::to_string(i));
    }
    until([&] { return heard.size() >= expected.size(); });
    EXPECT_EQ(heard, expected);
    until([this] { return publisher.published() == 2'000; });
    EXPECT_EQ(publisher.dropped(), 0U);
    EXPECT_EQ(anew, 0U);
}

TEST_F(RedisPubSub, a_channel_is_heard_until_nobody_wants_it) {
    subscriber.want(channel("a"));
    subscriber.want(channel("a"));
    subscriber.unwant(channel("a"));
    ASSERT_TRUE(confirm(channel("a")));
    publisher.publish(channel("a"), "1");
    until([this] { return heard.size() == 1; });
    subscriber.unwant(channel("a"));
    EXPECT_EQ(subscriber.size(), 0U);
    EXPECT_FALSE(confirm(channel("a")));
    subscriber.want(channel("last"));
    ASSERT_TRUE(confirm(channel("last")));
    publisher.publish(channel("a"), "2");
    publisher.publish(channel("last"), "3");
    until([this] { return heard.size() > 1; });
    EXPECT_EQ(heard, (Strings{"a=1", "last=3"}));
}

TEST_F(RedisPubSub, one_that_is_wanted_again_at_once_is_confirmed_by_its_last_subscription) {
    for (int i = 0; i < 100; ++i) {
        subscriber.want(channel("a"));
        if (i < 99) subscriber.unwant(channel("a"));
    }
    ASSERT_TRUE(confirm(channel("a")));
    publisher.publish(channel("a"), "1");
    until([this] { return !heard.empty(); });
    EXPECT_EQ(heard, (Strings{"a=1"}));
    EXPECT_EQ(subscriber.size(), 1U);
}

TEST_F(RedisPubSub, after_a_cut_all_channels_are_heard_again_and_that_is_told_once) {
    for (int i = 0; i < 500; ++i) subscriber.want(channel(std::to_string(i)));
    ASSERT_TRUE(confirm(channel("499")));
    network.is_down = true;
    network.cut();
    until([this] { return !publisher.is_up() && !subscriber.is_up(); });
    publisher.publish(channel("7"), "lost");
    EXPECT_EQ(publisher.dropped(), 1U);
    EXPECT_FALSE(confirm(channel("7"), 1ms));
    subscriber.want(channel("new"));
    subscriber.unwant(channel("0"));
    network.is_down = false;
    until([this] { return anew == 1 && publisher.is_up(); });
    EXPECT_TRUE(confirm(channel("new")));
    for (const auto* name : {"0", "1", "499", "new"}) publisher.publish(channel(name), "x");
    until([this] { return heard.size() >= 3; });
    EXPECT_EQ(heard, (Strings{"1=x", "499=x", "new=x"}));
    EXPECT_EQ(anew, 1U);
}

TEST_F(RedisPubSub, one_that_swallows_everything_is_taken_for_lost) {
    subscriber.want(channel("a"));
    ASSERT_TRUE(confirm(channel("a")));
    network.swallows = true;
    until([this] { return !subscriber.is_up(); });
    network.swallows = false;
    network.cut();
    until([this] { return anew == 1 && publisher.is_up(); });
    publisher.publish(channel("a"), "1");
    until([this] { return !heard.empty(); });
    EXPECT_EQ(heard, (Strings{"a=1"}));
}

TEST_F(RedisPubSub, what_was_never_answered_counts_as_dropped) {
    network.swallows = true;
    for (int i = 0; i < 10; ++i) publisher.publish(channel("a"), "x");
    loop.restart();
    loop.run_one_for(10ms);
    for (int i = 0; i < 5; ++i) publisher.publish(channel("a"), "x");
    network.is_down = true;
    network.cut();
    until([this] { return !publisher.is_up(); });
    EXPECT_EQ(publisher.dropped(), 15U);
    EXPECT_EQ(publisher.published(), 0U);
}

TEST(RedisPubSubFrozen, one_that_stands_still_is_noticed_within_seconds_and_used_again) {
    PubSub both(options_in(alone), PubSub::Way::straight, 2s);
    TestServer server(both.options, both.options.places.front());
    both.want_confirmed(both.channel("a"));
    server.freeze();
    const auto start = std::chrono::steady_clock::now();
    both.until([&] { return !both.publisher.is_up() && !both.subscriber.is_up(); });
    EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
    EXPECT_FALSE(both.confirm(both.channel("a"), 1ms));
    server.thaw();
    both.until([&] { return both.anew == 1; });
    both.until_up();
    both.until_heard(both.channel("a"), "again");
}

TEST(RedisPubSubEncrypted, the_same_is_heard_by_tls_from_whom_is_trusted) {
    PubSub both(options_in("BANTER_TEST_REDIS_TLS"));
    both.want_confirmed(both.channel("a"));
    const std::string large(300'000, 'x');
    both.publisher.publish(both.channel("a"), large);
    both.until([&] { return !both.heard.empty(); });
    EXPECT_EQ(both.heard, (Strings{"a=" + large}));
}

}  // namespace
}  // namespace banter::redis
