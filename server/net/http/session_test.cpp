// HTTP over real sockets: keep-alive, pipelining, deadlines, refusals, and the way to WebSocket.
#include "net/http/session.hpp"

#include "net/test_client.hpp"
#include "net/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace banter::net::http {
namespace {

const std::string get_root = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string status_of(const std::string& response) {
    return response.substr(0, response.find("\r\n"));
}

std::string body_of(const std::string& response) {
    return response.substr(std::min(response.size(), response.find("\r\n\r\n") + 4));
}

Limits hurried() {
    Limits limits;
    limits.wheel_tick = std::chrono::milliseconds(5);
    limits.body_grace = std::chrono::milliseconds(30);
    limits.keep_alive_idle = std::chrono::milliseconds(30);
    return limits;
}

TEST(HttpSession, answers_and_keeps_the_connection) {
    TestServer test;
    TestClient client(test.port());
    for (int i = 0; i < 3; ++i) {
        client.send(get_root);
        const std::string response = client.read_response();
        EXPECT_EQ(status_of(response), "HTTP/1.1 200 OK");
        EXPECT_EQ(body_of(response), "hello");
        EXPECT_NE(response.find("Connection: keep-alive\r\n"), std::string::npos);
    }
}

TEST(HttpSession, answers_pipelined_requests_in_their_order) {
    TestServer test;
    TestClient client(test.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none" + get_root +
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
    );
    EXPECT_EQ(body_of(client.read_response()), "one");
    EXPECT_EQ(body_of(client.read_response()), "hello");
    EXPECT_EQ(body_of(client.read_response()), "two");
}

TEST(HttpSession, a_request_may_come_byte_by_byte) {
    TestServer test;
    TestClient client(test.port());
    for (const char byte :
         std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")) {
        client.send(std::string_view(&byte, 1));
    }
    EXPECT_EQ(body_of(client.read_response()), "hi");
}

TEST(HttpSession, HEAD_gets_the_head_alone) {
    TestServer test;
    TestClient client(test.port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string head = client.read_until("\r\n\r\n");
    EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(client.read_to_end()), "HTTP/1.1 200 OK");
}

TEST(HttpSession, closes_when_the_peer_asks_for_it) {
    TestServer test;
    for (const std::string request :
         {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
        TestClient client(test.port());
        client.send(request);
        const std::string response = client.read_to_end();
        EXPECT_NE(response.find("Connection: close\r\n"), std::string::npos);
        EXPECT_EQ(body_of(response), "hello");
    }
}

TEST(HttpSession, a_malformed_request_is_answered_and_the_connection_closed) {
    TestServer test;
    TestClient client(test.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get_root);
    const std::string response = client.read_to_end();
    EXPECT_EQ(status_of(response), "HTTP/1.1 400 Bad Request");
    EXPECT_NE(response.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(response.find("200 OK"), std::string::npos);
}

TEST(HttpSession, the_answer_to_a_body_that_is_too_large_reaches_who_still_sends_it) {
    TestServer test;
    TestClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    client.send(std::string(100'000, 'a'));
    EXPECT_EQ(status_of(client.read_response()), "HTTP/1.1 413 Content Too Large");
}

TEST(HttpSession, who_reads_only_after_all_of_a_body_that_is_too_large_is_not_reset) {
    TestServer test;
    TestClient client(test.port());
    const std::string body(20'000'000, 'a');
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
    EXPECT_EQ(client.send(body), body.size());
    EXPECT_EQ(status_of(client.read_response()), "HTTP/1.1 413 Content Too Large");
}

TEST(HttpSession, who_never_ends_a_body_that_is_too_large_is_cut_off) {
    Limits limits = hurried();
    limits.linger_time = std::chrono::milliseconds(50);
    TestServer test(1, limits);
    TestClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n");
    EXPECT_EQ(status_of(client.read_response()), "HTTP/1.1 413 Content Too Large");
    const std::string piece(10'000, 'a');
    std::size_t pieces = 0;
    while (client.send(piece) == piece.size()) ++pieces;
    EXPECT_LT(pieces, 1'000'000U);
}

TEST(HttpSession, who_is_silent_after_the_last_answer_is_cut_off) {
    Limits limits = hurried();
    limits.linger_silence = std::chrono::milliseconds(30);
    TestServer test(1, limits);
    TestClient client(test.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(client.read_to_end()), "HTTP/1.1 200 OK");
    EXPECT_TRUE(test.nobody_is_left());
}

TEST(HttpSession, who_expects_100_continue_gets_it) {
    TestServer test;
    TestClient client(test.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    );
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hi");
    EXPECT_EQ(body_of(client.read_response()), "hi");
}

TEST(HttpSession, a_large_answer_arrives_whole_although_it_is_read_late) {
    TestServer test;
    TestClient client(test.port(), 4'096);
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(body_of(client.read_response()).size(), 1'000'000U);
}

TEST(HttpSession, a_head_that_does_not_come_in_time_gets_408) {
    Limits limits = hurried();
    limits.head_time = std::chrono::seconds(1);
    TestServer test(1, limits);
    TestClient client(test.port());
    client.send("GET / HTTP/1.1\r\nHost:");
    EXPECT_EQ(status_of(client.read_to_end()), "HTTP/1.1 408 Request Timeout");
}

TEST(HttpSession, a_body_that_does_not_come_in_time_gets_408) {
    TestServer test(1, hurried());
    TestClient client(test.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_EQ(status_of(client.read_to_end()), "HTTP/1.1 408 Request Timeout");
}

TEST(HttpSession, who_says_nothing_is_closed_without_an_answer) {
    Limits limits = hurried();
    limits.head_time = std::chrono::seconds(1);
    TestServer test(1, limits);
    TestClient silent(test.port());
    EXPECT_EQ(silent.read_to_end(), "");
    TestClient idle(test.port());
    idle.send(get_root);
    EXPECT_EQ(body_of(idle.read_response()), "hello");
    EXPECT_EQ(idle.read_to_end(), "");
}

TEST(HttpSession, who_does_not_read_the_answer_is_cut_off) {
    Limits limits = hurried();
    limits.body_rate_min = 1'000'000'000;
    TestServer test(1, limits);
    TestClient client(test.port(), 4'096);
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(test.nobody_is_left());
}

TEST(HttpSession, a_peer_that_goes_away_is_forgotten) {
    TestServer test;
    for (int i = 0; i < 20; ++i) {
        TestClient client(test.port());
        client.send("GET / HTTP/1.1\r\nHo");
        if (i % 2 == 0) client.reset();
    }
    EXPECT_TRUE(test.nobody_is_left());
}

TEST(HttpSession, becomes_a_websocket) {
    TestServer test;
    TestClient client(test.port());
    const std::string response = client.upgrade();
    EXPECT_EQ(status_of(response), "HTTP/1.1 101 Switching Protocols");
    EXPECT_NE(
        response.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos
    );
    EXPECT_EQ(client.read_text(), "welcome");
}

TEST(HttpSession, becomes_a_websocket_after_other_requests) {
    TestServer test;
    TestClient client(test.port());
    client.send(get_root);
    EXPECT_EQ(body_of(client.read_response()), "hello");
    client.upgrade();
    EXPECT_EQ(client.read_text(), "welcome");
}

TEST(HttpSession, frames_that_come_with_the_handshake_are_read) {
    TestServer test;
    TestClient client(test.port());
    client.send(
        TestClient::handshake("/ws") + TestClient::masked(0x81, "echo one") +
        TestClient::masked(0x81, "echo two").substr(0, 5)
    );
    EXPECT_NE(client.read_response().find("101"), std::string::npos);
    EXPECT_EQ(client.read_text(), "welcome");
    EXPECT_EQ(client.read_text(), "one");
    client.send(TestClient::masked(0x81, "echo two").substr(5));
    EXPECT_EQ(client.read_text(), "two");
}

TEST(HttpSession, an_upgrade_that_is_refused_gets_its_response) {
    TestServer test;
    TestClient elsewhere(test.port());
    EXPECT_EQ(status_of(elsewhere.upgrade("/other")), "HTTP/1.1 403 Forbidden");
    TestClient old(test.port());
    old.send(
        "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Version: 8\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    const std::string response = old.read_to_end();
    EXPECT_EQ(status_of(response), "HTTP/1.1 426 Upgrade Required");
    EXPECT_NE(response.find("Sec-WebSocket-Version: 13\r\n"), std::string::npos);
}

TEST(HttpSession, another_kind_of_upgrade_is_ignored) {
    TestServer test;
    TestClient client(test.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    EXPECT_EQ(body_of(client.read_response()), "hello");
}

}  // namespace
}  // namespace banter::net::http
