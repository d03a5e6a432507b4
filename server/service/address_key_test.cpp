// Which addresses share a limit.
#include "service/address_key.hpp"

#include <gtest/gtest.h>

namespace banter::service {
namespace {

TEST(AddressKey, is_of_the_whole_of_ipv4_and_the_network_of_ipv6) {
    EXPECT_EQ(address_key("x", "192.0.2.7"), "x:address:192.0.2.7");
    EXPECT_EQ(address_key("x", "::ffff:192.0.2.7"), "x:address:192.0.2.7");
    EXPECT_EQ(address_key("x", "2001:db8:1:2:3:4:5:6"), "x:address:2001:db8:1:2::/64");
    EXPECT_EQ(address_key("x", "2001:db8:1:2::"), address_key("x", "2001:db8:1:2:ffff::1"));
    EXPECT_NE(address_key("x", "2001:db8:1:3::1"), address_key("x", "2001:db8:1:2::1"));
    EXPECT_EQ(address_key("x", "fe80::1%3"), address_key("x", "fe80::2%4"));
    EXPECT_NE(address_key("x", "192.0.2.7"), address_key("y", "192.0.2.7"));
}

TEST(AddressKey, what_is_no_address_stays_as_it_is) {
    EXPECT_EQ(address_key("x", ""), "x:address:");
    EXPECT_EQ(address_key("x", "unknown"), "x:address:unknown");
    EXPECT_EQ(address_key("x", "2001:db8::g"), "x:address:2001:db8::g");
}

}  // namespace
}  // namespace banter::service
