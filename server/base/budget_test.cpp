// What is taken together never exceeds the budget, and comes back.
#include "base/budget.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace banter {
namespace {

TEST(Budget, gives_as_much_as_there_is) {
    Budget budget(3);
    EXPECT_TRUE(budget.take(2));
    EXPECT_FALSE(budget.take(2)) << "and nothing of it";
    EXPECT_TRUE(budget.take());
    EXPECT_FALSE(budget.take());
    EXPECT_TRUE(budget.take(0));
    budget.give_back(2);
    EXPECT_TRUE(budget.take(2));
    EXPECT_FALSE(budget.take());
}

TEST(Share, comes_back_once_wherever_it_was_moved) {
    Budget budget(10);
    for (int i = 0; i < 3; ++i) {
        Share share(budget, 10);
        EXPECT_TRUE(share);
        EXPECT_FALSE(Share(budget));
        Share moved = std::move(share);
        share = std::move(moved);
        EXPECT_TRUE(share);
        EXPECT_FALSE(Share(budget));
        share = Share();
        EXPECT_TRUE(Share(budget, 10));
    }
    EXPECT_TRUE(Share(budget, 10));
}

}  // namespace
}  // namespace banter
