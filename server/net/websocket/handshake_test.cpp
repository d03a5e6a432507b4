// The opening handshake, as RFC 6455 4.2 has it.
#include "net/websocket/handshake.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace banter::net::websocket {
namespace {

http::Request request() {
    http::Request request;
    request.method = "GET";
    request.headers.add("Host", "a");
    request.headers.add("Upgrade", "websocket");
    request.headers.add("Connection", "keep-alive, Upgrade");
    request.headers.add("Sec-WebSocket-Version", "13");
    request.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    return request;
}

int status_of(const std::function<void(http::Request&)>& change) {
    http::Request changed = request();
    change(changed);
    const auto problem = check_handshake(changed);
    return problem ? problem->status : 101;
}

TEST(Handshake, the_example_of_rfc_6455_is_accepted) {
    EXPECT_EQ(status_of([](http::Request&) {}), 101);
    EXPECT_EQ(accept_value("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Handshake, the_response_has_all_that_was_agreed) {
    EXPECT_EQ(
        handshake_response("dGhlIHNhbXBsZSBub25jZQ==", "permessage-deflate", {{"X-A", "b"}}),
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\nX-A: b\r\n\r\n"
    );
    EXPECT_EQ(
        handshake_response("dGhlIHNhbXBsZSBub25jZQ==", "", {}).find("Extensions"), std::string::npos
    );
}

TEST(Handshake, upgrade_is_asked_for_by_its_token) {
    http::Request asking = request();
    EXPECT_TRUE(asks_for_websocket(asking));
    asking.headers.set("Upgrade", "h2c, WebSocket");
    EXPECT_TRUE(asks_for_websocket(asking));
    asking.headers.set("Upgrade", "h2c");
    EXPECT_FALSE(asks_for_websocket(asking));
    asking.headers.set("Upgrade", "websockets");
    EXPECT_FALSE(asks_for_websocket(asking));
}

TEST(Handshake, another_version_gets_426) {
    for (const char* const version : {"", "12", "14", "013", "13, 8", "8", "13x", "1"}) {
        EXPECT_EQ(
            status_of([&](http::Request& r) { r.headers.set("Sec-WebSocket-Version", version); }),
            426
        ) << version;
    }
    EXPECT_EQ(
        status_of([](http::Request& r) { r.headers.add("Sec-WebSocket-Version", "13"); }), 426
    );
}

TEST(Handshake, a_key_that_is_not_16_bytes_gets_400) {
    for (const char* const key :
         {"",
          "a",
          "dGhlIHNhbXBsZSBub25jZQ",
          "dGhlIHNhbXBsZSBub25jZQ=",
          "dGhlIHNhbXBsZSBub25jZQ===",
          "dGhlIHNhbXBsZSBub25jZR==",
          "dGhlIHNhbXBsZSBub25j_Q==",
          "dGhlIHNhbXBsZSBub25jZQ==,x",
          "AAAAAAAAAAAAAAAAAAAAAAA=",
          "dGhlIHNhbXBsZSBub25jZQ== "}) {
        EXPECT_EQ(
            status_of([&](http::Request& r) { r.headers.set("Sec-WebSocket-Key", key); }), 400
        ) << key;
    }
    EXPECT_EQ(
        status_of([](http::Request& r) {
            r.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        }),
        400
    );
}

TEST(Handshake, a_request_of_another_kind_gets_400) {
    EXPECT_EQ(status_of([](http::Request& r) { r.method = "POST"; }), 400);
    EXPECT_EQ(status_of([](http::Request& r) { r.minor_version = 0; }), 400);
    EXPECT_EQ(status_of([](http::Request& r) { r.body = "x"; }), 400);
    EXPECT_EQ(status_of([](http::Request& r) { r.headers.set("Connection", "keep-alive"); }), 400);
    EXPECT_EQ(status_of([](http::Request& r) { r.headers.set("Connection", "upgraded"); }), 400);
}

}  // namespace
}  // namespace banter::net::websocket
