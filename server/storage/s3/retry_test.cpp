// How often, when and how long something is tried again.
#include "storage/s3/retry.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace banter::s3 {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds nothing{0};

TEST(Retries, waits_are_random_below_a_ceiling_that_doubles) {
    SeededRandom random(1);
    const RetryLimits limits{
        .tries_max = 6, .wait_start = milliseconds(100), .wait_max = milliseconds(500)};
    std::array<milliseconds, 5> longest{};
    for (int i = 0; i < 1000; ++i) {
        Retries retries(limits, SteadyTime{}, random);
        for (milliseconds& most : longest) {
            most = std::max(most, retries.next(SteadyTime{}, nothing).value());
        }
    }
    const std::array<int, 5> ceilings{100, 200, 400, 500, 500};
    for (std::size_t i = 0; i < longest.size(); ++i) {
        EXPECT_LE(longest[i].count(), ceilings[i]);
        EXPECT_GT(longest[i].count(), ceilings[i] * 9 / 10);
    }
}

TEST(Retries, there_are_only_so_many_tries) {
    SeededRandom random(1);
    Retries retries({.tries_max = 3}, SteadyTime{}, random);
    EXPECT_TRUE(retries.next(SteadyTime{}, nothing));
    EXPECT_TRUE(retries.next(SteadyTime{}, nothing));
    EXPECT_FALSE(retries.next(SteadyTime{}, nothing));
    Retries single({.tries_max = 1}, SteadyTime{}, random);
    EXPECT_FALSE(single.next(SteadyTime{}, nothing));
}

TEST(Retries, none_begins_after_the_time_in_all) {
    SeededRandom random(1);
    Retries retries({.within = milliseconds(1000)}, SteadyTime{}, random);
    EXPECT_FALSE(retries.next(SteadyTime{} + milliseconds(1000), nothing));
    EXPECT_FALSE(retries.next(SteadyTime{} + milliseconds(5000), nothing));
}

TEST(Retries, what_the_service_asks_for_is_waited_or_given_up) {
    SeededRandom random(1);
    Retries retries({.within = milliseconds(10'000)}, SteadyTime{}, random);
    EXPECT_EQ(retries.next(SteadyTime{}, milliseconds(7000)), milliseconds(7000));
    EXPECT_FALSE(retries.next(SteadyTime{} + milliseconds(7000), milliseconds(7000)));
}

TEST(Retries, a_try_has_its_own_time_and_at_most_what_is_left) {
    SeededRandom random(1);
    const Retries retries(
        {.within = milliseconds(1000), .try_within = milliseconds(300)}, SteadyTime{}, random
    );
    EXPECT_EQ(retries.left(SteadyTime{}), milliseconds(300));
    EXPECT_EQ(retries.left(SteadyTime{} + milliseconds(900)), milliseconds(100));
    EXPECT_EQ(retries.left(SteadyTime{} + milliseconds(2000)), milliseconds(1));
}

}  // namespace
}  // namespace banter::s3
