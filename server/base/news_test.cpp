// What everything that needs a part fails with is said once.
#include "base/news.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace banter {

TEST(News, the_same_is_no_news_for_a_minute) {
    EXPECT_TRUE(is_news("one", Errc::busy));
    EXPECT_FALSE(is_news("one", Errc::busy));
    EXPECT_TRUE(is_news("one", Errc::storage_full));
    EXPECT_TRUE(is_news("another", Errc::busy));
    std::jthread([] { EXPECT_TRUE(is_news("one", Errc::busy)); });
}

}  // namespace banter
