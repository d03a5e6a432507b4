// What fails is asked of ever more rarely.
#include "base/backoff.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace banter {
namespace {

using std::chrono::seconds;

/// Whether it is tried then, and fails.
bool fails(Backoff& backoff, SteadyTime now) {
    if (!backoff.is_due(now)) return false;
    backoff.failed(now);
    return true;
}

TEST(Backoff, what_fails_is_tried_ever_more_rarely) {
    Backoff backoff(seconds(64));
    std::vector<int> tried;
    for (int second = 1; second <= 300; ++second) {
        if (fails(backoff, SteadyTime() + seconds(second))) tried.push_back(second);
    }
    EXPECT_EQ(tried, (std::vector{1, 2, 4, 8, 16, 32, 64, 128, 192, 256}));
}

TEST(Backoff, what_succeeds_is_due_at_once_and_has_all_its_patience_again) {
    Backoff backoff(seconds(64));
    const SteadyTime now = SteadyTime() + seconds(10);
    EXPECT_TRUE(fails(backoff, now));
    EXPECT_TRUE(fails(backoff, now + seconds(1)));
    backoff.succeeded();
    EXPECT_TRUE(fails(backoff, now + seconds(1)));
    EXPECT_FALSE(fails(backoff, now + seconds(1)));
    EXPECT_TRUE(fails(backoff, now + seconds(2)));
}

}  // namespace
}  // namespace banter
