// Sentinels name the primary, and another one after a failover.
// BANTER_TEST_REDIS_SENTINEL is where, as `--redis` takes it: servers of this machine.
// BANTER_TEST_REDIS_SENTINEL_TLS are others, which speak TLS.
#include "storage/redis/testing/pubsub.hpp"
#include "storage/redis/testing/server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::redis {
namespace {

using namespace std::chrono_literals;
using Strings = PubSub::Strings;

class RedisSentinel : public ::testing::Test, protected PubSub {
protected:
    explicit RedisSentinel(const char* variable = "BANTER_TEST_REDIS_SENTINEL")
        : PubSub(options_in(variable), Way::straight, 2s) {
        want_confirmed(channel("a"));
    }

    Place primary() {
        Sentinels sentinels(loop.get_executor(), {options, resolving, times});
        return testing::run(loop, sentinels.primary());
    }
    TestServer sentinel(std::size_t index) { return {options, options.places.at(index)}; }
    /// The two servers know again who is who, so that the next failover finds a replica.
    void settle() {
        for (std::size_t index = 0; index < options.places.size(); ++index) {
            sentinel(index).until({"SENTINEL", "REPLICAS", options.sentinel}, [](const Reply& all) {
                if (all.items.size() != 1) return false;
                const auto& fields = all.items[0].items;
                std::string flags;
                std::string link;
                for (std::size_t at = 0; at + 1 < fields.size(); at += 2) {
                    if (fields[at].text == "flags") flags = fields[at + 1].text;
                    if (fields[at].text == "master-link-status") link = fields[at + 1].text;
                }
                return flags == "slave" && link == "ok";
            });
        }
    }
};

TEST_F(RedisSentinel, the_primary_that_they_name_is_published_to_and_heard) {
    publisher.publish(channel("a"), "1");
    until([this] { return !heard.empty(); });
    EXPECT_EQ(heard, (Strings{"a=1"}));
    EXPECT_EQ(TestServer(options, primary()).tell({"ROLE"}).items.at(0).text, "master");
}

TEST_F(RedisSentinel, a_failover_is_followed_and_told) {
    settle();
    const Place before = primary();
    EXPECT_EQ(sentinel(0).tell({"SENTINEL", "FAILOVER", options.sentinel}).text, "OK");
    until([&] { return primary() != before && anew > 0; });
    until_up();
    until_heard(channel("a"), "after");
    // Nobody stayed behind at the old one.
    const TestServer old(options, before);
    old.until({"PUBSUB", "NUMSUB", channel("a")}, [](const Reply& count) {
        return count.items.at(1).integer == 0;
    });
}

class RedisSentinelEncrypted : public RedisSentinel {
protected:
    RedisSentinelEncrypted() : RedisSentinel("BANTER_TEST_REDIS_SENTINEL_TLS") {}
};

TEST_F(RedisSentinelEncrypted, the_primary_that_they_name_is_heard_and_a_failover_is_followed) {
    until_heard(channel("a"), "before");
    settle();
    const Place before = primary();
    EXPECT_EQ(sentinel(0).tell({"SENTINEL", "FAILOVER", options.sentinel}).text, "OK");
    until([&] { return primary() != before && anew > 0; });
    until_up();
    until_heard(channel("a"), "after");
}

TEST_F(RedisSentinel, one_that_stands_still_is_left_for_the_one_that_takes_its_place) {
    settle();
    const Place before = primary();
    TestServer frozen(options, before);
    frozen.freeze();
    until([this] { return anew > 0; });
    until_up();
    until_heard(channel("a"), "after");
    EXPECT_NE(primary(), before);
    frozen.thaw();
    frozen.until({"ROLE"}, [](const Reply& role) { return role.items.at(0).text == "slave"; });
    until_up();
    until_heard(channel("a"), "still");
}

}  // namespace
}  // namespace banter::redis
