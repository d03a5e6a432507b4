// Patience with a peer.
#include "net/http/pace.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace banter::net::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Pace, waiting_uses_patience_up) {
    Pace pace(seconds(10), 1'000);
    EXPECT_EQ(pace.patience(), seconds(10));
    pace.waited(seconds(4));
    EXPECT_EQ(pace.patience(), seconds(6));
    pace.waited(seconds(7));
    EXPECT_EQ(pace.patience(), seconds(0));
    pace.moved(1'500);
    EXPECT_EQ(pace.patience(), milliseconds(500));
}

TEST(Pace, every_byte_earns_its_time_back) {
    Pace pace(seconds(10), 1'000);
    pace.waited(seconds(9));
    pace.moved(500);
    EXPECT_EQ(pace.patience(), milliseconds(1'500));
    pace.moved(0);
    EXPECT_EQ(pace.patience(), milliseconds(1'500));
}

TEST(Pace, who_was_fast_saves_up_no_more_than_the_grace) {
    Pace pace(seconds(10), 1'000);
    pace.moved(std::numeric_limits<std::size_t>::max());
    EXPECT_EQ(pace.patience(), seconds(10));
    pace.waited(seconds(1));
    pace.moved(1'000'000'000);
    EXPECT_EQ(pace.patience(), seconds(10));
}

TEST(Pace, who_keeps_to_the_least_rate_is_waited_for_without_end) {
    Pace pace(seconds(2), 1'000);
    for (int second = 0; second < 10'000; ++second) {
        pace.waited(seconds(1));
        ASSERT_GT(pace.patience(), seconds(0));
        pace.moved(1'000);
    }
    EXPECT_EQ(pace.patience(), seconds(2));
}

TEST(Pace, who_is_slower_loses_patience) {
    Pace pace(seconds(2), 1'000);
    int seconds_borne = 0;
    while (pace.patience() > seconds(0) && seconds_borne < 100) {
        pace.waited(seconds(1));
        pace.moved(900);
        ++seconds_borne;
    }
    EXPECT_LT(seconds_borne, 100);
}

TEST(Pace, what_is_left_is_rounded_up) {
    Pace pace(milliseconds(5), 1'000);
    pace.waited(std::chrono::nanoseconds(1));
    EXPECT_EQ(pace.patience(), milliseconds(5));
}

}  // namespace
}  // namespace banter::net::http
