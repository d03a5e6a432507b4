// Patience: refusals in a burst, at a rate, and after a pause.
#include "api/ws/patience.hpp"

#include <gtest/gtest.h>

namespace banter::api::ws {
namespace {

using namespace std::chrono_literals;

/// How many refusals at this distance it takes to be shut out; 0: more than `at_most`.
int refusals_to_the_end(std::chrono::milliseconds distance, int at_most) {
    Patience patience;
    SteadyTime now{1h};
    for (int count = 1; count <= at_most; ++count) {
        if (!patience.refuse(now)) return count;
        now += distance;
    }
    return 0;
}

TEST(Patience, two_hundred_refusals_at_once_are_forgiven_and_one_more_is_not) {
    EXPECT_EQ(refusals_to_the_end(0ms, 1000), Patience::refusals_max + 1);
}

TEST(Patience, twenty_refusals_a_second_are_forgiven_for_ever) {
    EXPECT_EQ(refusals_to_the_end(50ms, 100'000), 0);
}

TEST(Patience, twice_as_many_are_not_however_many_answers_lie_between) {
    const int count = refusals_to_the_end(25ms, 1000);
    EXPECT_GT(count, 2 * Patience::refusals_max - 5);
    EXPECT_LT(count, 2 * Patience::refusals_max + 5);
}

TEST(Patience, comes_back_with_time) {
    Patience patience;
    SteadyTime now{1h};
    for (int i = 0; i < Patience::refusals_max; ++i) ASSERT_TRUE(patience.refuse(now));
    now += 1s;
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(patience.refuse(now)) << i;
    EXPECT_FALSE(patience.refuse(now));
    now += 1min;
    EXPECT_TRUE(patience.refuse(now));
}

}  // namespace
}  // namespace banter::api::ws
