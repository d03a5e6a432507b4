// Which codings a peer takes.
#include "net/http/accept_encoding.hpp"

#include <gtest/gtest.h>

namespace banter::net::http {
namespace {

Request asking(const char* accept_encoding) {
    Request request;
    if (accept_encoding != nullptr) request.headers.add("Accept-Encoding", accept_encoding);
    return request;
}

TEST(AcceptEncoding, a_coding_is_taken_if_it_is_named) {
    EXPECT_TRUE(accepts_coding(asking("gzip, deflate, br"), "br"));
    EXPECT_TRUE(accepts_coding(asking("GZIP;q=0.1"), "gzip"));
    EXPECT_TRUE(accepts_coding(asking("br ; q = 1"), "br"));
    EXPECT_FALSE(accepts_coding(asking("gzip"), "br"));
    EXPECT_FALSE(accepts_coding(asking("xbr, br-x"), "br"));
    EXPECT_FALSE(accepts_coding(asking(""), "br"));
    EXPECT_FALSE(accepts_coding(asking(nullptr), "br"));
}

TEST(AcceptEncoding, the_weight_zero_refuses_it) {
    EXPECT_FALSE(accepts_coding(asking("br;q=0"), "br"));
    EXPECT_FALSE(accepts_coding(asking("br;q=0.000, gzip"), "br"));
    EXPECT_TRUE(accepts_coding(asking("br;q=0.001"), "br"));
}

TEST(AcceptEncoding, any_coding_stands_for_what_is_not_named) {
    EXPECT_TRUE(accepts_coding(asking("*"), "br"));
    EXPECT_TRUE(accepts_coding(asking("*;q=0, br"), "br"));
    EXPECT_FALSE(accepts_coding(asking("br;q=0, *"), "br"));
    EXPECT_FALSE(accepts_coding(asking("*;q=0"), "br"));
}

}  // namespace
}  // namespace banter::net::http
