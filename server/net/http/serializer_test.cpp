// Responses as bytes.
#include "net/http/serializer.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace banter::net::http {
namespace {

const std::chrono::system_clock::time_point then{std::chrono::seconds(784'111'777)};

TEST(Serializer, a_date_has_the_form_of_rfc_9110) {
    EXPECT_EQ(http_date(then), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Serializer, a_response_has_its_length_its_date_and_its_connection) {
    const Response response = Response::of(200, "text/plain", "hello");
    EXPECT_EQ(
        serialize_head(response, Delivery{false, true, then}),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\n\r\n"
    );
}

TEST(Serializer, the_head_for_HEAD_is_the_same_as_for_GET) {
    const Response response = Response::of(404, "text/plain", "no");
    EXPECT_EQ(
        serialize_head(response, Delivery{true, false, then}),
        serialize_head(response, Delivery{false, false, then})
    );
}

TEST(Serializer, a_closing_response_says_so) {
    const std::string head = serialize_head(Response::empty(503), Delivery{false, false, then});
    EXPECT_NE(head.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_NE(head.find("\r\nContent-Length: 0\r\n"), std::string::npos);
}

TEST(Serializer, responses_without_a_body_have_no_length) {
    for (const int status : {204, 304}) {
        const std::string head =
            serialize_head(Response::empty(status), Delivery{false, true, then});
        EXPECT_EQ(head.find("Content-Length"), std::string::npos);
    }
}

TEST(Serializer, a_stream_has_the_length_that_it_announces) {
    Response response = Response::empty(206);
    FileBody file;
    file.offset = 7;
    file.length = 5'000'000'000;
    response.stream = std::move(file);
    const std::string head = serialize_head(response, Delivery{false, true, then});
    EXPECT_NE(head.find("\r\nContent-Length: 5000000000\r\n"), std::string::npos);
    SourcedBody sourced;
    sourced.length = 3;
    response.stream = std::move(sourced);
    EXPECT_EQ(response.body_bytes(), 3U);
}

TEST(Serializer, headers_keep_their_order_and_repeat) {
    Response response = Response::empty(200);
    response.headers.add("Set-Cookie", "a=1");
    response.headers.add("Set-Cookie", "b=2");
    const std::string head = serialize_head(response, Delivery{false, true, then});
    EXPECT_NE(head.find("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"), std::string::npos);
}

TEST(SerializerDeathTest, a_header_that_would_split_the_response_stops_the_process) {
    Response response = Response::empty(200);
    response.headers.add("Location", "/a\r\nSet-Cookie: evil=1");
    EXPECT_DEATH(
        static_cast<void>(serialize_head(response, Delivery{false, true, then})), "check failed"
    );
}

TEST(SerializerDeathTest, a_length_of_the_applications_own_stops_the_process) {
    Response response = Response::empty(200);
    response.headers.add("content-length", "3");
    EXPECT_DEATH(
        static_cast<void>(serialize_head(response, Delivery{false, true, then})), "check failed"
    );
}

TEST(Serializer, every_status_that_is_used_has_a_name) {
    for (const int status : {101, 200, 201, 204, 206, 302, 304, 400, 401, 403, 404, 405, 408, 409,
                             413, 414, 415, 416, 417, 422, 426, 429, 431, 500, 503, 505, 507}) {
        EXPECT_NE(reason_phrase(status), "Unknown") << status;
    }
}

TEST(Headers, names_compare_without_regard_to_case) {
    Headers headers{{"Content-Type", "a"}, {"X", "b"}, {"x", "c"}};
    EXPECT_EQ(*headers.find("content-type"), "a");
    EXPECT_EQ(headers.find_all("X").size(), 2U);
    EXPECT_EQ(headers.find("y"), nullptr);
    headers.set("X", "d");
    EXPECT_EQ(headers.find_all("x").size(), 1U);
    EXPECT_EQ(headers.size(), 2U);
}

TEST(Headers, tokens_are_found_in_lists_and_across_lines) {
    const Headers headers{{"Connection", "keep-alive ,\tUpgrade"}, {"connection", ",,x"}};
    EXPECT_TRUE(headers.has_token("Connection", "upgrade"));
    EXPECT_TRUE(headers.has_token("Connection", "X"));
    EXPECT_FALSE(headers.has_token("Connection", "keep"));
    EXPECT_FALSE(headers.has_token("Upgrade", "x"));
}

}  // namespace
}  // namespace banter::net::http
