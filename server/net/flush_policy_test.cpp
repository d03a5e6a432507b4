// When broadcasts wait for those of the next write batch, and that they never wait long.
#include "net/flush_policy.hpp"

#include <gtest/gtest.h>

namespace banter::net {
namespace {

using std::chrono::microseconds;

struct Policy : testing::Test {
    SteadyTime now{};
    FlushPolicy policy{microseconds(2'000)};

    void usually(microseconds took) {
        for (int i = 0; i < 100; ++i) policy.flushed(took);
    }
};

TEST_F(Policy, without_a_hold_nothing_waits) {
    usually(microseconds(10'000));
    EXPECT_TRUE(policy.may_flush(now));
    EXPECT_FALSE(policy.until());
}

TEST_F(Policy, a_server_that_flushes_fast_waits_no_longer_than_its_flush) {
    usually(microseconds(100));
    policy.hold();
    EXPECT_FALSE(policy.may_flush(now));
    EXPECT_LE(*policy.until(), now + microseconds(100));
    EXPECT_TRUE(policy.may_flush(now + microseconds(100)));
}

TEST_F(Policy, a_server_that_never_flushed_does_not_wait) {
    policy.hold();
    EXPECT_TRUE(policy.may_flush(now));
}

TEST_F(Policy, no_wait_is_longer_than_the_bound) {
    usually(microseconds(50'000));
    policy.hold();
    EXPECT_FALSE(policy.may_flush(now));
    EXPECT_FALSE(policy.may_flush(now + microseconds(1'999)));
    EXPECT_EQ(*policy.until(), now + microseconds(2'000));
    EXPECT_TRUE(policy.may_flush(now + microseconds(2'000)));
}

TEST_F(Policy, holds_that_follow_each_other_do_not_add_up) {
    usually(microseconds(50'000));
    for (int batch = 0; batch < 4; ++batch) {
        policy.hold();
        EXPECT_FALSE(policy.may_flush(now + microseconds(500 * batch)));
        policy.release();
    }
    policy.hold();
    EXPECT_TRUE(policy.may_flush(now + microseconds(2'000)));
}

TEST_F(Policy, a_release_ends_the_wait_at_once) {
    usually(microseconds(50'000));
    policy.hold();
    policy.hold();
    EXPECT_FALSE(policy.may_flush(now));
    policy.release();
    EXPECT_FALSE(policy.may_flush(now));
    policy.release();
    EXPECT_TRUE(policy.may_flush(now));
}

TEST_F(Policy, a_flush_begins_the_next_wait_anew) {
    usually(microseconds(50'000));
    policy.hold();
    EXPECT_FALSE(policy.may_flush(now));
    EXPECT_TRUE(policy.may_flush(now + microseconds(2'000)));
    policy.flushed(microseconds(50'000));
    EXPECT_FALSE(policy.may_flush(now + microseconds(2'100)));
    EXPECT_EQ(*policy.until(), now + microseconds(4'100));
}

TEST_F(Policy, the_usual_time_follows_what_is_measured) {
    usually(microseconds(800));
    EXPECT_NEAR(static_cast<double>(policy.usual().count()), 800e3, 1e3);
    usually(microseconds(80));
    EXPECT_NEAR(static_cast<double>(policy.usual().count()), 80e3, 1e3);
}

}  // namespace
}  // namespace banter::net
