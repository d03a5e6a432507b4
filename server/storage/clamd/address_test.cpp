// How an operator says where clamd listens.
#include "storage/clamd/address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::clamd {
namespace {

TEST(ClamdAddress, a_path_and_an_address_with_a_port_are_taken) {
    const std::string longest = "/" + std::string(106, 'x');
    for (const std::string& text :
         {std::string("/run/clamav/clamd.ctl"), longest, std::string("/a b:1")}) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address.has_value()) << text;
        EXPECT_EQ(address->endpoint.protocol().family(), AF_UNIX);
        EXPECT_EQ(address->text, text);
    }
    const auto address = parse_address("127.0.0.1:3310");
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(address->endpoint.protocol().family(), AF_INET);
    EXPECT_EQ(parse_address("[::1]:3310").value().endpoint.protocol().family(), AF_INET6);
}

TEST(ClamdAddress, anything_else_is_refused_with_what_it_has_to_be) {
    struct Row {
        std::string text;
        const char* says;
    };
    const Row rows[] = {
        {"", "such as /run/clamav/clamd.ctl"},
        {"clamd.ctl", "such as /run/clamav/clamd.ctl"},
        {"/run/clamav/", "not a directory"},
        {"/", "not a directory"},
        {"/" + std::string(107, 'x'), "107 bytes"},
        {"3310", "127.0.0.1:3310"},
        {":3310", "numeric address"},
        {"localhost:3310", "numeric address"},
        {"::1:3310", "numeric address"},
        {"[127.0.0.1]:3310", "numeric address"},
        {"[::1]", "numeric address"},
        {"tcp://127.0.0.1:3310", "numeric address"},
        {"127.0.0.1:", "port from 1"},
        {"127.0.0.1:0", "port from 1"},
        {"127.0.0.1:65536", "port from 1"},
        {"127.0.0.1:33x", "port from 1"},
        {"127.0.0.1:+33", "port from 1"},
        {"127.0.0.1: 33", "port from 1"},
    };
    for (const Row& row : rows) {
        const auto address = parse_address(row.text);
        ASSERT_FALSE(address.has_value()) << row.text;
        EXPECT_EQ(address.error().code, Errc::bad_request);
        EXPECT_NE(address.error().detail.find(row.says), std::string::npos)
            << row.text << ": " << address.error().detail;
    }
}

}  // namespace
}  // namespace banter::clamd
