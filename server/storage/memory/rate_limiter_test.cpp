// Token buckets: a burst at once, then the rate; as many keys as there is room for.
#include "storage/memory/rate_limiter.hpp"

#include "storage/testing/run_task.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace banter::memory {

namespace {

using std::chrono::milliseconds;

constexpr storage::Rate ten_a_second{.per_second = 10, .burst = 3};

SteadyTime at(int ms) { return SteadyTime{} + milliseconds(ms); }

}  // namespace

TEST(TokenBuckets, a_burst_goes_at_once_and_the_next_waits_for_its_token) {
    TokenBuckets buckets(10);
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.take("a", ten_a_second, at(0)));
    EXPECT_EQ(buckets.take("a", ten_a_second, at(0)), milliseconds(100));
    EXPECT_EQ(buckets.take("a", ten_a_second, at(40)), milliseconds(60));
    EXPECT_FALSE(buckets.take("a", ten_a_second, at(101)));
    EXPECT_TRUE(buckets.take("a", ten_a_second, at(102)));
}

TEST(TokenBuckets, a_bucket_fills_up_to_its_burst_and_no_further) {
    TokenBuckets buckets(10);
    EXPECT_FALSE(buckets.take("a", ten_a_second, at(0)));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.take("a", ten_a_second, at(100'000)));
    EXPECT_TRUE(buckets.take("a", ten_a_second, at(100'000)));
}

TEST(TokenBuckets, what_others_took_is_missing_here) {
    TokenBuckets buckets(10);
    buckets.spend("a", ten_a_second, 2, at(0));
    EXPECT_FALSE(buckets.take("a", ten_a_second, at(0)));
    EXPECT_EQ(buckets.take("a", ten_a_second, at(0)), milliseconds(100));
    buckets.spend("a", ten_a_second, 1'000, at(0));
    EXPECT_EQ(buckets.take("a", ten_a_second, at(0)), milliseconds(400)) << "by a burst at most";
}

TEST(TokenBuckets, keys_do_not_share) {
    TokenBuckets buckets(10);
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.take("a", ten_a_second, at(0)));
    EXPECT_TRUE(buckets.take("a", ten_a_second, at(0)));
    EXPECT_FALSE(buckets.take("b", ten_a_second, at(0)));
}

TEST(TokenBuckets, there_are_never_more_keys_than_allowed) {
    TokenBuckets buckets(100);
    for (int i = 0; i < 1000; ++i) {
        (void)buckets.take("key" + std::to_string(i), ten_a_second, at(0));
        EXPECT_LE(buckets.size(), 100U);
    }
}

TEST(TokenBuckets, buckets_that_are_full_again_are_forgotten) {
    TokenBuckets buckets(1000);
    for (int i = 0; i < 100; ++i)
        (void)buckets.take("key" + std::to_string(i), ten_a_second, at(0));
    for (int i = 0; i < 100; ++i)
        (void)buckets.take("new" + std::to_string(i), ten_a_second, at(1000));
    EXPECT_EQ(buckets.size(), 100U);
}

TEST(LocalRateLimiter, a_key_has_one_bucket_for_all_loops) {
    storage::TestLoops loops(4);
    ManualClock clock(Timestamp{});
    LocalRateLimiter limiter(loops.executors(), clock);
    int taken = 0;
    auto taking = [](LocalRateLimiter* from, int* count) -> Task<> {
        std::string key("key");
        const auto wait = co_await from->take(std::move(key), ten_a_second);
        if (!wait) ++*count;
    };
    std::vector<int> counts(4);
    for (std::size_t loop = 0; loop < 4; ++loop) {
        for (int i = 0; i < 5; ++i) {
            loops.spawn(loop, taking(&limiter, &counts[loop]));
        }
    }
    loops.run_all();
    for (const int count : counts) taken += count;
    EXPECT_EQ(taken, 3);
}

TEST(LocalRateLimiter, a_rate_of_zero_is_no_limit) {
    storage::TestLoops loops(1);
    ManualClock clock(Timestamp{});
    LocalRateLimiter limiter(loops.executors(), clock);
    for (int i = 0; i < 100; ++i) {
        EXPECT_FALSE(storage::run_task(loops[0], limiter.take("key", storage::Rate{})));
    }
}

TEST(LocalRateLimiter, what_was_taken_is_collected_once_for_other_nodes) {
    storage::TestLoops loops(1);
    ManualClock clock{Timestamp{}};
    LocalRateLimiter limiter(loops.executors(), clock);
    const auto take = [&] { return storage::run_task(loops[0], limiter.take("a", ten_a_second)); };
    const auto collect = [&] { return storage::run_task(loops[0], limiter.collect()); };
    EXPECT_FALSE(take());
    EXPECT_TRUE(collect().empty()) << "nobody asked for it";
    limiter.note_taken();
    EXPECT_FALSE(take());
    EXPECT_FALSE(take());
    EXPECT_TRUE(take()) << "refused";
    const auto taken = collect();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].key, "a");
    EXPECT_EQ(taken[0].count, 2U);
    EXPECT_EQ(taken[0].rate.burst, 3);
    EXPECT_TRUE(collect().empty());

    LocalRateLimiter other(loops.executors(), clock);
    other.spend(taken);
    EXPECT_FALSE(storage::run_task(loops[0], other.take("a", ten_a_second)));
    EXPECT_TRUE(storage::run_task(loops[0], other.take("a", ten_a_second)));
}

}  // namespace banter::memory
