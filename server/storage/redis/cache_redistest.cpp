// What one node keeps the others find, and never something older than what was there.
#include "base/testing/run.hpp"
#include "storage/redis/cache.hpp"
#include "storage/redis/testing/pubsub.hpp"
#include "storage/redis/testing/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace banter::redis {
namespace {

using namespace std::chrono_literals;

storage::CacheEntry entry(model::Rev rev, std::string bytes) {
    return {rev, std::make_shared<const std::string>(std::move(bytes))};
}

class RedisCacheTest : public ::testing::TestWithParam<const char*> {
protected:
    RedisCacheTest() {
        // Others than before, also when a test is repeated.
        static int count = 0;
        const std::string own = std::to_string(::getpid()) + ":" + std::to_string(++count);
        cache.set_prefix("banter-test:" + own + ":");
        cache.start();
        until([this] { return cache.is_up(); });
    }
    ~RedisCacheTest() override { testing::run(loop, cache.stop()); }

    template <typename Done>
    void until(Done done) {
        const auto end = std::chrono::steady_clock::now() + 60s;
        while (!done()) {
            ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited in vain";
            loop.restart();
            loop.run_one_for(10ms);
        }
    }
    std::optional<storage::CacheEntry> find(const std::string& key) {
        return testing::run(loop, cache.find(key));
    }
    /// What is kept there; nothing: nothing is, or it could not be asked for.
    std::optional<std::string> bytes_at(const std::string& key) {
        const auto found = find(key);
        return found ? std::optional(*found->bytes) : std::nullopt;
    }

    asio::io_context loop{1};
    Offload resolving{1, 10};
    RedisOptions options = options_in(GetParam());
    RedisCache cache{
        loop.get_executor(),
        {options, resolving, {10s, 10s}, {10ms, 50ms}},
        {.answer = 10s, .lifetime = 60s}};
};

TEST_P(RedisCacheTest, what_was_put_is_found_with_its_rev) {
    EXPECT_FALSE(find("key"));
    const std::string bytes("any\0bytes", 9);
    cache.put("key", entry(7, bytes));
    const auto found = find("key");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rev, 7U);
    EXPECT_EQ(*found->bytes, bytes);
    EXPECT_FALSE(find("another"));
}

TEST_P(RedisCacheTest, a_lower_rev_never_replaces_a_higher_one) {
    cache.put("key", entry(10, "ten"));
    cache.put("key", entry(9, "nine"));
    EXPECT_EQ(bytes_at("key"), "ten");
    cache.put("key", entry(100, "hundred"));
    EXPECT_EQ(bytes_at("key"), "hundred");
}

TEST_P(RedisCacheTest, keys_of_all_servers_are_kept) {
    for (int i = 0; i < 50; ++i) cache.put(std::to_string(i), entry(1, std::to_string(i)));
    for (int i = 0; i < 50; ++i) EXPECT_EQ(bytes_at(std::to_string(i)), std::to_string(i));
}

INSTANTIATE_TEST_SUITE_P(Alone, RedisCacheTest, ::testing::Values("BANTER_TEST_REDIS"));
INSTANTIATE_TEST_SUITE_P(Cluster, RedisCacheTest, ::testing::Values("BANTER_TEST_REDIS_CLUSTER"));

}  // namespace
}  // namespace banter::redis
