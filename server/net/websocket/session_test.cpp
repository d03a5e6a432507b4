// WebSocket sessions over real sockets: order, bounds, pauses, pings and every way to end.
#include "net/websocket/session.hpp"

#include "net/test_client.hpp"
#include "net/test_server.hpp"
#include "net/websocket/close.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::net::websocket {
namespace {

TestClient joined(TestServer& test, int receive_buffer = 0, std::string_view more = {}) {
    TestClient client(test.port(), receive_buffer);
    client.upgrade("/ws", more);
    EXPECT_EQ(client.read_text(), "welcome");
    return client;
}

bool nobody_left(TestServer& test) {
    return TestServer::eventually([&] { return test.session_count() == 0; });
}

/// The end of a session as the peer sees it: a Close with this code, then the end of TCP.
void expect_closed(TestClient& client, unsigned code) {
    TestFrame frame = client.read_data();
    while (frame.first == 0x81) frame = client.read_data();
    EXPECT_EQ(frame.first, 0x88U);
    EXPECT_EQ(frame.code(), code);
    client.send_close(code);
    EXPECT_TRUE(client.read_frame().ended());
    client.end_sending();
}

TEST(WebSocketSession, an_idle_one_takes_less_than_192_bytes) {
    // Beside it: its application, and 16 bytes of the allocator. No Asio object, buffer or timer.
    EXPECT_LE(sizeof(Session), 192U);
    RecordProperty("bytes", static_cast<int>(sizeof(Session)));
}

TEST(WebSocketSession, payloads_are_answered_in_their_order) {
    TestServer test;
    TestClient client = joined(test);
    std::string all;
    for (int i = 0; i < 1'000; ++i) all += TestClient::masked(0x81, "echo " + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 1'000; ++i) ASSERT_EQ(client.read_text(), std::to_string(i));
}

TEST(WebSocketSession, payloads_of_every_size_come_through) {
    TestServer test;
    TestClient client = joined(test);
    for (const std::size_t size : {0U, 1U, 120U, 121U, 126U, 16'384U, 65'000U, 65'531U}) {
        client.send_text("echo " + std::string(size, 'x'));
        ASSERT_EQ(client.read_text().size(), size);
    }
}

TEST(WebSocketSession, fragments_and_pings_in_between_are_understood) {
    TestServer test;
    TestClient client = joined(test);
    client.send_frame(0x01, "echo a");
    client.send_frame(0x89, "still there?");
    client.send_frame(0x80, "b");
    const TestFrame pong = client.read_data();
    EXPECT_EQ(pong.first, 0x8aU);
    EXPECT_EQ(pong.payload, "still there?");
    EXPECT_EQ(client.read_text(), "ab");
}

TEST(WebSocketSession, a_broadcast_reaches_everyone_once_and_in_order) {
    TestServer test;
    std::vector<TestClient> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(joined(test));
    for (int i = 0; i < 50; ++i) clients[0].send_text("all " + std::to_string(i));
    for (TestClient& client : clients) {
        for (int i = 0; i < 50; ++i) ASSERT_EQ(client.read_text(), std::to_string(i));
    }
}

TEST(WebSocketSession, an_answer_that_came_before_a_broadcast_stays_before_it) {
    TestServer test;
    TestClient client = joined(test);
    for (int i = 0; i < 100; ++i)
        client.send(
            TestClient::masked(0x81, "echo answer") + TestClient::masked(0x81, "all broadcast")
        );
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(client.read_text(), "answer");
        ASSERT_EQ(client.read_text(), "broadcast");
    }
}

TEST(WebSocketSession, compressed_broadcasts_go_to_those_who_agreed) {
    TestServer test;
    TestClient plain = joined(test);
    TestClient deflated = joined(test, 0, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    const std::string payload(2'000, 'z');
    plain.send_text("all " + payload);
    EXPECT_EQ(plain.read_text(), payload);
    const TestFrame frame = deflated.read_data();
    EXPECT_EQ(frame.first, 0xc1U);
    EXPECT_LT(frame.payload.size(), 100U);
    Inflater inflater;
    std::string inflated;
    EXPECT_EQ(inflater.inflate(frame.payload, 10'000, inflated), Inflater::Outcome::done);
    EXPECT_EQ(inflated, payload);
    deflated.send_text("all short");
    EXPECT_EQ(deflated.read_text(), "short");
    EXPECT_EQ(plain.read_text(), "short");
    // And they may compress what they send.
    Deflater deflater;
    deflated.send_frame(0xc1, deflater.compress("echo compressed"));
    EXPECT_EQ(deflated.read_text(), "compressed");
}

TEST(WebSocketSession, without_anyone_who_agreed_nothing_is_compressed) {
    TestServer test;
    const auto compressed = [&] {
        return test.on_shard(0, [](Sessions& sessions) {
            return !sessions.encode(std::string(2'000, 'z'))->compressed().empty();
        });
    };
    EXPECT_FALSE(compressed());
    {
        TestClient deflated = joined(test, 0, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        EXPECT_TRUE(compressed());
    }
    EXPECT_TRUE(nobody_left(test));
    EXPECT_FALSE(compressed());
}

TEST(WebSocketSession, a_close_by_the_application_is_answered_and_ends_tcp) {
    TestServer test;
    TestClient client = joined(test);
    client.send(
        TestClient::masked(0x81, "echo last") + TestClient::masked(0x81, "close") +
        TestClient::masked(0x81, "echo lost")
    );
    EXPECT_EQ(client.read_text(), "last");
    const TestFrame close = client.read_data();
    EXPECT_EQ(close.first, 0x88U);
    EXPECT_EQ(close.code(), 4400U);
    EXPECT_EQ(close.payload.substr(2), "as you like");
    EXPECT_TRUE(TestServer::eventually([&] { return test.log.closed.value() == 1; }));
    client.send_close(4400);
    EXPECT_TRUE(client.read_frame().ended());
    client.end_sending();
    EXPECT_TRUE(nobody_left(test));
    EXPECT_EQ(test.log.texts.value(), 2U);
}

TEST(WebSocketSession, a_close_by_the_peer_is_echoed_and_ends_tcp) {
    TestServer test;
    for (const unsigned code : {1000U, 1001U, 3000U, 4999U}) {
        TestClient client = joined(test);
        client.send_close(code);
        const TestFrame close = client.read_data();
        EXPECT_EQ(close.first, 0x88U);
        EXPECT_EQ(close.code(), code);
        EXPECT_TRUE(client.read_frame().ended());
    }
    TestClient client = joined(test);
    client.send_frame(0x88, "");
    const TestFrame close = client.read_data();
    EXPECT_EQ(close.first, 0x88U);
    EXPECT_EQ(close.payload, "");
    EXPECT_TRUE(client.read_frame().ended());
}

TEST(WebSocketSession, nothing_after_a_close_is_read) {
    TestServer test;
    TestClient client = joined(test);
    client.send(TestClient::masked(0x88, "") + TestClient::masked(0x81, "echo lost"));
    EXPECT_EQ(client.read_data().first, 0x88U);
    EXPECT_TRUE(client.read_frame().ended());
    EXPECT_EQ(test.log.texts.value(), 0U);
}

TEST(WebSocketSession, each_kind_of_wrong_frame_gets_its_code) {
    TestServer test;
    const std::vector<std::pair<std::string, unsigned>> cases{
        {TestClient::masked(0x83, "a"), 1002},
        {TestClient::masked(0xc1, "a"), 1002},
        {std::string("\x81\x01"
                     "a"),
         1002},
        {TestClient::masked(0x80, "a"), 1002},
        {TestClient::masked(0x82, "a"), 1003},
        {TestClient::masked(0x81, "\xff"), 1007},
        {std::string("\x81\xff\x00\x00\x00\x00\x00\x01\x00\x01", 10), 1009},
        {TestClient::masked(0x88, std::string("\x03\xec", 2)), 1002},
    };
    for (const auto& [bytes, code] : cases) {
        TestClient client = joined(test);
        client.send(bytes);
        const TestFrame close = client.read_data();
        EXPECT_EQ(close.first, 0x88U);
        EXPECT_EQ(close.code(), code);
        EXPECT_TRUE(client.read_frame().ended());
    }
    EXPECT_TRUE(nobody_left(test));
}

TEST(WebSocketSession, a_peer_that_just_goes_away_is_noticed) {
    TestServer test;
    { const TestClient client = joined(test); }
    {
        TestClient client = joined(test);
        client.reset();
    }
    {
        TestClient client = joined(test);
        client.send(std::string("\x81\x85\x01", 3));
        client.end_sending();
        EXPECT_TRUE(client.read_frame().ended());
    }
    EXPECT_TRUE(nobody_left(test));
    EXPECT_EQ(test.log.closed.value(), 3U);
}

TEST(WebSocketSession, what_was_sent_before_the_peer_went_away_is_handed_on) {
    TestServer test;
    {
        TestClient client = joined(test);
        std::string all;
        for (int i = 0; i < 5'000; ++i) all += TestClient::masked(0x81, "x");
        client.send(all);
        client.end_sending();
        EXPECT_TRUE(client.read_frame().ended());
    }
    EXPECT_EQ(test.log.texts.value(), 5'000U);
}

TEST(WebSocketSession, a_slow_reader_is_closed_with_4408_and_costs_no_memory) {
    TestServer test;
    TestClient slow = joined(test, 4'096);
    TestClient honest = joined(test);
    const std::string payload(10'000, 'b');
    std::size_t queued_most = 0;
    int sent = 0;
    while (test.log.closed.value() == 0 && sent < 5'000) {
        honest.send_text("all " + payload);
        ++sent;
        EXPECT_EQ(honest.read_text().size(), payload.size());
        queued_most = std::max(queued_most, test.on_shard(0, [](Sessions& sessions) {
            return static_cast<std::size_t>(sessions.size());
        }));
        const std::string text = test.registry.text();
        const std::size_t place = text.find("\nbanter_queued_bytes ") + 21;
        EXPECT_LE(std::stoul(text.substr(place)), test.limits.broadcast_bytes_max + 20'000);
    }
    EXPECT_EQ(test.log.closed.value(), 1U);
    EXPECT_NE(
        test.registry.text().find("banter_slow_consumers_closed_total 1\n"), std::string::npos
    );
    // What it reads at last: whole frames, then the Close.
    TestFrame frame = slow.read_data();
    int whole = 0;
    for (; frame.first == 0x81; frame = slow.read_data()) {
        EXPECT_EQ(frame.payload.size(), payload.size());
        ++whole;
    }
    EXPECT_LT(whole, sent);
    EXPECT_EQ(frame.first, 0x88U);
    EXPECT_EQ(frame.code(), 4408U);
    slow.send_close(4408);
    EXPECT_TRUE(slow.read_frame().ended());
    honest.send_text("echo still here");
    EXPECT_EQ(honest.read_text(), "still here");
}

TEST(WebSocketSession, a_slow_reader_that_never_reads_is_cut_off) {
    Limits limits;
    limits.wheel_tick = std::chrono::milliseconds(5);
    limits.close_time = std::chrono::milliseconds(20);
    TestServer test(1, limits);
    const TestClient slow = joined(test, 4'096);
    TestClient honest = joined(test);
    for (int sent = 0; test.log.closed.value() == 0 && sent < 5'000; ++sent) {
        honest.send_text("all " + std::string(10'000, 'b'));
        EXPECT_EQ(honest.read_text().size(), 10'000U);
    }
    EXPECT_TRUE(TestServer::eventually([&] { return test.session_count() == 1; }));
    EXPECT_NE(test.registry.text().find("\nbanter_queued_bytes 0\n"), std::string::npos);
}

TEST(WebSocketSession, unsent_answers_stop_the_reading_and_close_nobody) {
    TestServer test;
    TestClient client = joined(test, 4'096);
    // Far more than may wait: 400 answers of 100 kB each.
    std::string all;
    for (int i = 0; i < 400; ++i) all += TestClient::masked(0x81, "answer 100000");
    client.send(all);
    for (int i = 0; i < 400; ++i) {
        ASSERT_EQ(client.read_text().size(), 100'000U);
        if (i % 50 != 0) continue;
        const std::size_t queued = test.on_shard(0, [](Sessions&) { return std::size_t{0}; });
        const std::string text = test.registry.text();
        const std::size_t place = text.find("\nbanter_queued_bytes ") + 21;
        EXPECT_LE(std::stoul(text.substr(place)) + queued, 64U * 1'024U + 200'000U);
    }
    client.send_text("echo fine");
    EXPECT_EQ(client.read_text(), "fine");
}

TEST(WebSocketSession, a_pause_inside_a_payload_holds_back_those_after_it) {
    TestServer test;
    TestClient client = joined(test);
    client.send(TestClient::masked(0x81, "pause") + TestClient::masked(0x81, "echo after"));
    EXPECT_EQ(client.read_text(), "resumed");
    EXPECT_EQ(client.read_text(), "after");
    client.send_text("pause");
    EXPECT_EQ(client.read_text(), "resumed");
    client.send_text("echo later");
    EXPECT_EQ(client.read_text(), "later");
}

TEST(WebSocketSession, pings_come_and_a_silent_peer_is_cut_off_after_two) {
    Limits limits;
    limits.wheel_tick = std::chrono::milliseconds(5);
    limits.ping_every = std::chrono::milliseconds(400);
    TestServer test(1, limits);
    TestClient client = joined(test);
    EXPECT_EQ(client.read_frame().first, 0x89U);
    EXPECT_EQ(client.read_frame().first, 0x89U);
    EXPECT_TRUE(client.read_frame().ended());
    EXPECT_TRUE(nobody_left(test));
}

TEST(WebSocketSession, a_peer_that_answers_pings_stays) {
    Limits limits;
    limits.wheel_tick = std::chrono::milliseconds(5);
    limits.ping_every = std::chrono::milliseconds(20);
    limits.pings_missed_max = 100;
    TestServer test(1, limits);
    TestClient client = joined(test);
    for (int i = 0; i < 110; ++i) {
        const TestFrame ping = client.read_frame();
        ASSERT_EQ(ping.first, 0x89U);
        client.send_frame(0x8a, ping.payload);
    }
}

TEST(WebSocketSession, a_peer_that_does_not_answer_a_close_is_cut_off) {
    Limits limits;
    limits.wheel_tick = std::chrono::milliseconds(5);
    limits.close_time = std::chrono::milliseconds(20);
    TestServer test(1, limits);
    TestClient client = joined(test);
    client.send_text("close");
    EXPECT_TRUE(nobody_left(test));
    EXPECT_EQ(client.read_data().code(), 4400U);
    EXPECT_TRUE(client.read_frame().ended());
}

TEST(WebSocketSession, a_payload_that_takes_too_long_is_refused) {
    Limits limits;
    limits.wheel_tick = std::chrono::milliseconds(5);
    limits.reassembly_time = std::chrono::milliseconds(20);
    TestServer test(1, limits);
    TestClient client = joined(test);
    client.send_frame(0x01, "beginning");
    expect_closed(client, 1002);
}

TEST(WebSocketSession, an_application_may_close_all_sessions_from_one_call) {
    TestServer test;
    std::vector<TestClient> clients;
    for (int i = 0; i < 10; ++i) clients.push_back(joined(test));
    clients[3].send_text("close all");
    for (TestClient& client : clients) expect_closed(client, 4400);
    EXPECT_TRUE(nobody_left(test));
    EXPECT_EQ(test.log.closed.value(), 10U);
}

TEST(WebSocketSession, binary_payloads_are_handed_on_where_they_are_taken) {
    Limits limits;
    limits.binary_accepted = true;
    TestServer test(1, limits);
    TestClient client = joined(test);
    client.send_frame(0x82, "\xff\xfe");
    const TestFrame frame = client.read_data();
    EXPECT_EQ(frame.first, 0x82U);
    EXPECT_EQ(frame.payload, "\xff\xfe");
}

}  // namespace
}  // namespace banter::net::websocket
