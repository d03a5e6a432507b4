// Whether something happened meanwhile, and yes where nobody knows.
#include "api/ws/recent_pairs.hpp"

#include <gtest/gtest.h>

namespace banter::api::ws {
namespace {

const model::UserId ada{{{1}}};
const model::UserId bob{{{2}}};
const model::ThreadId general{{{3}}};
const model::ThreadId another{{{4}}};

TEST(RecentPairs, what_happened_since_is_known_by_user_and_thread) {
    RecentPairs pairs;
    pairs.note(ada, general);
    const auto then = pairs.count();
    EXPECT_FALSE(pairs.happened_since(then, ada, general));
    pairs.note(bob, another);
    EXPECT_TRUE(pairs.happened_since(then, bob, another));
    EXPECT_FALSE(pairs.happened_since(then, ada, general));
    EXPECT_FALSE(pairs.happened_since(then, ada, another));
    EXPECT_TRUE(pairs.happened_since(0, ada, general));
}

TEST(RecentPairs, of_what_is_not_kept_any_more_it_says_yes) {
    RecentPairs pairs;
    for (std::size_t i = 0; i <= RecentPairs::kept_max; ++i) pairs.note(bob, general);
    EXPECT_TRUE(pairs.happened_since(0, ada, general));
    EXPECT_FALSE(pairs.happened_since(1, ada, general));
}

}  // namespace
}  // namespace banter::api::ws
