// What is published is heard while there is a connection, and again after it was lost.
// BANTER_TEST_REDIS is where, as `--redis` takes it: a server of this machine.
#include "base/testing/run.hpp"
#include "storage/redis/publisher.hpp"
#include "storage/redis/subscriber.hpp"
#include "storage/redis/testing/faulty_network.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banter::redis {
namespace {

using namespace std::chrono_literals;

RedisOptions options_of_server() {
    const char* url = std::getenv("BANTER_TEST_REDIS");
    if (url == nullptr) throw std::runtime_error("BANTER_TEST_REDIS is not set");
    return parse_options(url).value();
}

class RedisPubSub : public ::testing::Test {
protected:
    using Strings = std::vector<std::string>;

    RedisPubSub() {
        options.places = {network.place()};
        publisher.start();
        subscriber.start();
        until([this] { return publisher.is_up() && subscriber.is_up(); });
    }
    ~RedisPubSub() override {
        testing::run(loop, publisher.stop());
        testing::run(loop, subscriber.stop());
    }

    /// Turns the loop until it is so.
    void until(const std::function<bool()>& is_so) {
        const auto end = std::chrono::steady_clock::now() + 60s;
        while (!is_so()) {
            ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited in vain";
            loop.restart();
            loop.run_one_for(10ms);
        }
    }
    bool confirm(std::string channel, std::chrono::milliseconds within = 30s) {
        return testing::run(loop, subscriber.confirmed(std::move(channel), within));
    }
    std::string channel(const std::string& name) { return prefix + name; }

    asio::io_context loop{1};
    Offload resolving{1, 10};
    RedisOptions options = options_of_server();
    FaultyNetwork network{loop, options.places.front().port};
    Times times{10s, 10s};
    Lifeline::Parts parts{options, resolving, times, {10ms, 50ms}};
    std::string prefix = "banter-test:" + std::to_string(::getpid()) + ":";
    Strings heard;
    std::size_t anew = 0;
    Publisher publisher{loop.get_executor(), parts};
    Subscriber subscriber{
        loop.get_executor(),
        parts,
        [this](std::string_view from, std::string_view bytes) {
            heard.push_back(std::string(from.substr(prefix.size())) + "=" + std::string(bytes));
        },
        [this] { ++anew; }};
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

}  // namespace
}  // namespace banter::redis
