// What a quota leaves room for.
#include "model/file_quota.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace banter::model {
namespace {

constexpr FileQuota quota{.user_bytes_max = 100, .total_bytes_max = 1000};

TEST(FileQuota, a_file_may_fill_it_but_not_go_beyond) {
    EXPECT_FALSE(refused_by(quota, {.user_bytes = 60, .total_bytes = 960}, 40));
    const auto refused = refused_by(quota, {.user_bytes = 60, .total_bytes = 60}, 41);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, Errc::storage_full);
    EXPECT_TRUE(refused_by(quota, {.user_bytes = 0, .total_bytes = 960}, 41));
}

TEST(FileQuota, without_one_any_number_fits) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_FALSE(refused_by({}, {.user_bytes = most, .total_bytes = most}, most));
    EXPECT_FALSE(FileQuota().limits());
}

TEST(FileQuota, numbers_that_would_overflow_and_a_quota_made_smaller_are_refused) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_TRUE(refused_by(quota, {.user_bytes = 1, .total_bytes = 1}, most));
    EXPECT_TRUE(refused_by(quota, {.user_bytes = 101, .total_bytes = 101}, 0));
}

}  // namespace
}  // namespace banter::model
