// What fails is asked of ever more rarely.
#include "app/retries.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace banter::app {
namespace {

using std::chrono::seconds;

TEST(Retries, what_fails_is_tried_ever_more_rarely) {
    Retries retries;
    std::vector<int> tried;
    for (int second = 1; second <= 300; ++second) {
        if (retries.begin(SteadyTime() + seconds(second))) tried.push_back(second);
    }
    EXPECT_EQ(tried, (std::vector{1, 2, 4, 8, 16, 32, 64, 128, 192, 256}));
}

TEST(Retries, what_succeeds_is_due_at_once_and_has_all_its_patience_again) {
    Retries retries;
    const SteadyTime now = SteadyTime() + seconds(10);
    EXPECT_TRUE(retries.begin(now));
    EXPECT_TRUE(retries.begin(now + seconds(1)));
    retries.succeed();
    EXPECT_TRUE(retries.begin(now + seconds(1)));
    EXPECT_FALSE(retries.begin(now + seconds(1)));
    EXPECT_TRUE(retries.begin(now + seconds(2)));
}

}  // namespace
}  // namespace banter::app
