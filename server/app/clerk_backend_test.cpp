// What counts as a secret key of Clerk, and that what doesn't is never told.
#include "app/clerk_backend.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace banter::app {
namespace {

const std::string rest = "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3dEf6hIj";

TEST(ClerkKey, is_of_a_production_or_a_development_instance) {
    for (const char* end : {"", "\n", "\r\n", "\nsomething else\n"}) {
        const ClerkKey live = parse_clerk_key("sk_live_" + rest + end);
        EXPECT_EQ(live.text, "sk_live_" + rest);
        EXPECT_TRUE(live.live);
        EXPECT_FALSE(parse_clerk_key("sk_test_" + rest + end).live);
    }
}

TEST(ClerkKey, what_is_none_is_refused_without_being_told) {
    for (const std::string& text : {
             std::string(),
             std::string("\n"),
             "\nsk_live_" + rest,
             rest,
             "pk_live_" + rest,
             "sk_" + rest,
             "SK_LIVE_" + rest,
             " sk_live_" + rest,
             "sk_live_" + rest + " ",
             "sk_live_" + rest + "\xC3\xA4",
             "sk_live_" + rest + std::string(1, '\0'),
             std::string("sk_live_"),
             std::string("sk_live_short"),
             "sk_live_" + std::string(300, 'x'),
         }) {
        try {
            static_cast<void>(parse_clerk_key(text));
            ADD_FAILURE() << text;
        } catch (const std::invalid_argument& refused) {
            EXPECT_EQ(std::string(refused.what()).find(rest), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace banter::app
