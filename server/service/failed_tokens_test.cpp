// How often an address may come with a token that is none.
#include "service/failed_tokens.hpp"

#include "service/refusals.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

namespace banter::service {
namespace {

const Error wrong = unauthenticated("the token's signature is wrong");

class FailedTokensTest : public ::testing::Test {
protected:
    Error count(const std::string& address, const Error& refusal = wrong) {
        return world.run(tokens.count(refusal, address));
    }

    World world;
    FailedTokens tokens{{.per_second = 10.0 / 60, .burst = 10}, world->storage.rates};
};

TEST_F(FailedTokensTest, the_eleventh_in_a_minute_is_told_to_wait) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(count("192.0.2.1"), wrong) << i;
    const Error refusal = count("192.0.2.1");
    EXPECT_EQ(refusal.code, Errc::rate_limited);
    EXPECT_GT(refusal.retry_after, std::chrono::seconds(5));
    EXPECT_LE(refusal.retry_after, std::chrono::seconds(6));
    world.clock.advance(std::chrono::seconds(6));
    EXPECT_EQ(count("192.0.2.1"), wrong);
    EXPECT_EQ(count("192.0.2.1").code, Errc::rate_limited);
}

TEST_F(FailedTokensTest, each_address_is_counted_for_itself) {
    for (int i = 0; i < 20; ++i) (void)count("192.0.2.1");
    EXPECT_EQ(count("192.0.2.2"), wrong);
}

TEST_F(FailedTokensTest, what_only_expired_and_what_is_no_refusal_of_a_token_is_not_counted) {
    const Error busy{Errc::busy, "busy", {}};
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(count("192.0.2.1", token_expired()), token_expired());
        EXPECT_EQ(count("192.0.2.1", busy), busy);
    }
    EXPECT_EQ(count("192.0.2.1"), wrong);
}

TEST_F(FailedTokensTest, no_rate_is_no_limit) {
    FailedTokens unlimited({}, world->storage.rates);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(world.run(unlimited.count(wrong, "192.0.2.1")), wrong);
}

}  // namespace
}  // namespace banter::service
