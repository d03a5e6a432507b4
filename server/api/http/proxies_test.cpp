// Whom a request comes from when proxies stand in front.
#include "api/http/proxies.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace banter::api::http {
namespace {

net::http::Request from(std::string peer, net::http::Headers headers = {}) {
    net::http::Request request;
    request.peer_address = std::move(peer);
    request.headers = std::move(headers);
    return request;
}

net::http::Request forwarded(std::string peer, std::string addresses) {
    return from(std::move(peer), {{"X-Forwarded-For", std::move(addresses)}});
}

const Proxies proxies({"10.0.0.0/8", "127.0.0.1", "fd00::/8"});

TEST(ProxiesTest, networks_and_addresses_are_read_strictly) {
    for (const char* text :
         {"10.0.0.0/8",
          "0.0.0.0/0",
          "192.0.2.1",
          "192.0.2.1/32",
          "::/0",
          "::1",
          "2001:db8::/32",
          "fe80::1/128",
          "::ffff:10.0.0.0/104"}) {
        EXPECT_TRUE(parse_network(text)) << text;
    }
    for (const char* text :
         {"",
          "/8",
          "10.0.0.0/",
          "10.0.0.0/33",
          "10.0.0.0/-1",
          "10.0.0.0/+8",
          "10.0.0.0/8x",
          "10.0.0/8",
          "10.0.0.0/8/8",
          "::/129",
          "localhost",
          "fe80::1%eth0",
          "010.0.0.1.1",
          "10.0.0.256",
          " 10.0.0.1",
          "10.0.0.1 ",
          "10.0.0.0/99999999999"}) {
        EXPECT_FALSE(parse_network(text)) << text;
    }
    EXPECT_THROW(Proxies({"10.0.0.1", "proxy"}), std::invalid_argument);
}

TEST(ProxiesTest, a_prefix_longer_than_any_is_no_network) {
    for (const char* text : {"10.0.0.0/33", "10.0.0.0/4294967246", "::/129", "10.0.0.0/-1"})
        EXPECT_FALSE(parse_network(text)) << text;
}

TEST(ProxiesTest, a_network_contains_what_has_its_first_bits) {
    const auto contains = [](const char* network, const char* address) {
        return parse_network(network)->contains(*parse_address(address));
    };
    EXPECT_TRUE(contains("10.0.0.0/8", "10.255.255.255"));
    EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(contains("192.0.2.128/25", "192.0.2.129"));
    EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
    EXPECT_TRUE(contains("192.0.2.77/24", "192.0.2.1")) << "bits beyond the prefix mean nothing";
    EXPECT_TRUE(contains("192.0.2.1", "::ffff:192.0.2.1")) << "however an address came";
    EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.9"));
    EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
    EXPECT_TRUE(contains("::1", "::1"));
    EXPECT_FALSE(contains("::1", "::2"));
}

TEST(ProxiesTest, what_others_say_of_themselves_does_not_count) {
    EXPECT_EQ(proxies.client_of(forwarded("203.0.113.9", "1.2.3.4")).address, "203.0.113.9");
    auto secure = from("203.0.113.9", {{"X-Forwarded-Proto", "https"}});
    EXPECT_FALSE(proxies.client_of(secure).secure);
    EXPECT_EQ(Proxies().client_of(forwarded("127.0.0.1", "1.2.3.4")).address, "127.0.0.1");
}

TEST(ProxiesTest, the_client_is_the_last_that_is_no_proxy) {
    const auto client = [](std::string addresses) {
        return proxies.client_of(forwarded("127.0.0.1", std::move(addresses))).address;
    };
    EXPECT_EQ(client("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client("1.2.3.4, 203.0.113.9"), "203.0.113.9") << "the first is the client's claim";
    EXPECT_EQ(client("1.2.3.4, 203.0.113.9, 10.1.1.1"), "203.0.113.9");
    EXPECT_EQ(client("127.0.0.1, 203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client("203.0.113.9,10.0.0.1 ,\t10.0.0.2"), "203.0.113.9");
    EXPECT_EQ(client("10.0.0.3, 10.0.0.2"), "10.0.0.3") << "all are: then the first of them";
    EXPECT_EQ(proxies.client_of(from("127.0.0.1")).address, "127.0.0.1");
    EXPECT_EQ(proxies.client_of(from("::ffff:127.0.0.1")).address, "127.0.0.1");
    const auto lines = from(
        "127.0.0.1", {{"X-Forwarded-For", "1.2.3.4"}, {"x-forwarded-for", "203.0.113.9, 10.0.0.1"}}
    );
    EXPECT_EQ(proxies.client_of(lines).address, "203.0.113.9") << "lines are one list";
}

TEST(ProxiesTest, ports_and_brackets_are_left_out) {
    const auto client = [](std::string addresses) {
        return proxies.client_of(forwarded("127.0.0.1", std::move(addresses))).address;
    };
    EXPECT_EQ(client("203.0.113.9:4711"), "203.0.113.9");
    EXPECT_EQ(client("[2001:db8:1:2:3::9]:4711"), "2001:db8:1:2::");
    EXPECT_EQ(client("[2001:db8:1:2:3::9]"), "2001:db8:1:2::");
}

TEST(ProxiesTest, what_stands_before_something_malformed_was_written_by_nobody) {
    const auto client = [](std::string addresses) {
        return proxies.client_of(forwarded("127.0.0.1", std::move(addresses))).address;
    };
    for (const char* malformed :
         {"",
          ",",
          "unknown",
          "1.2.3.4, unknown",
          "1.2.3.4,",
          "1.2.3.4, ",
          "_hidden",
          "1.2.3",
          "[::1",
          "[::1]x",
          "\"203.0.113.9\"",
          "1.2.3.4;1.2.3.5",
          "fe80::1%eth0"}) {
        EXPECT_EQ(client(malformed), "127.0.0.1") << malformed;
    }
    EXPECT_EQ(client("1.2.3.4, unknown, 10.0.0.1"), "10.0.0.1");
    EXPECT_EQ(client(std::string(4000, ',')), "127.0.0.1");
}

TEST(ProxiesTest, of_ipv6_the_network_of_one_customer_counts) {
    const auto client = [](std::string peer) {
        return proxies.client_of(from(std::move(peer))).address;
    };
    EXPECT_EQ(client("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    EXPECT_EQ(client("2001:db8:1:2:ffff::"), "2001:db8:1:2::");
    EXPECT_EQ(client("::1"), "::1");
    EXPECT_EQ(client("203.0.113.9"), "203.0.113.9");
}

TEST(ProxiesTest, the_nearest_proxy_says_whether_it_was_https) {
    const auto secure = [](net::http::Headers headers) {
        return proxies.client_of(from("127.0.0.1", std::move(headers))).secure;
    };
    EXPECT_FALSE(secure({}));
    EXPECT_TRUE(secure({{"X-Forwarded-Proto", "https"}}));
    EXPECT_TRUE(secure({{"X-Forwarded-Proto", "HTTPS"}}));
    EXPECT_TRUE(secure({{"X-Forwarded-Proto", "http, https"}}));
    EXPECT_FALSE(secure({{"X-Forwarded-Proto", "https, http"}}));
    EXPECT_FALSE(secure({{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Proto", "http"}}));
    EXPECT_FALSE(secure({{"X-Forwarded-Proto", ""}}));
    EXPECT_FALSE(secure({{"X-Forwarded-Proto", "httpsx"}}));
}

}  // namespace
}  // namespace banter::api::http
