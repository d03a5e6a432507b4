// The server as a whole: its port, its limit of sessions, and its end.
#include "net/server.hpp"

#include "net/test_client.hpp"
#include "net/test_server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace banter::net {
namespace {

const std::string get_root = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string failure_on(std::uint16_t port, const std::string& address = "127.0.0.1") {
    Shards shards(1, Limits{});
    shards.start();
    metrics::Registry registry;
    Server second(shards, Limits{}, registry);
    std::string what;
    try {
        const Endpoint endpoint(asio::ip::make_address(address), port);
        second.start(endpoint, [](std::size_t) -> std::unique_ptr<http::Application> {
            return nullptr;
        });
    } catch (const std::system_error& failure) {
        what = failure.what();
    }
    shards.stop();
    return what;
}

TEST(Server, a_port_in_use_is_refused_with_a_sentence) {
    TestServer test(2);
    const std::string place = "127.0.0.1:" + std::to_string(test.port());
    EXPECT_EQ(failure_on(test.port()).find(place + " is already in use by another program"), 0U);
    TestClient client(test.port());
    client.send(get_root);
    EXPECT_NE(client.read_response().find("hello"), std::string::npos);
}

TEST(Server, an_address_of_another_machine_is_refused_with_a_sentence) {
    EXPECT_NE(
        failure_on(0, "192.0.2.1").find("this machine does not have that address"),
        std::string::npos
    );
}

TEST(Server, the_port_is_free_after_the_end) {
    std::uint16_t port = 0;
    {
        TestServer first;
        port = first.port();
        TestClient client(port);
        client.upgrade();
    }
    Shards shards(1, Limits{});
    auto acceptors =
        listen(Endpoint(asio::ip::make_address("127.0.0.1"), port), shards.loops(), Limits{});
    EXPECT_EQ(acceptors.front().local_endpoint().port(), port);
}

TEST(Server, all_shards_share_the_port) {
    TestServer test(2);
    std::vector<TestClient> clients;
    bool both = false;
    for (int i = 0; i < 64 && !both; ++i) {
        clients.emplace_back(test.port());
        clients.back().upgrade();
        EXPECT_EQ(clients.back().read_text(), "welcome");
        both = test.session_count(0) > 0 && test.session_count(1) > 0;
    }
    EXPECT_TRUE(both);
}

TEST(Server, listens_on_ipv6) {
    Shards shards(2, Limits{});
    const auto acceptors =
        listen(Endpoint(asio::ip::make_address("::1"), 0), shards.loops(), Limits{});
    ASSERT_EQ(acceptors.size(), 2U);
    EXPECT_EQ(acceptors[0].local_endpoint().port(), acceptors[1].local_endpoint().port());
}

TEST(Server, who_comes_above_the_limit_waits_until_someone_leaves) {
    Limits limits;
    limits.sessions_max = 2;
    limits.accept_pause = std::chrono::milliseconds(5);
    limits.wheel_tick = std::chrono::milliseconds(5);
    TestServer test(1, limits);
    auto first = std::make_unique<TestClient>(test.port());
    first->upgrade();
    EXPECT_EQ(first->read_text(), "welcome");
    TestClient second(test.port());
    second.upgrade();
    EXPECT_EQ(second.read_text(), "welcome");
    TestClient third(test.port());
    third.send(TestClient::handshake("/ws"));
    EXPECT_EQ(test.session_count(), 2U);
    EXPECT_EQ(test.log.opened.value(), 2U);
    first.reset();
    EXPECT_NE(third.read_response().find("101"), std::string::npos);
    EXPECT_EQ(third.read_text(), "welcome");
}

TEST(Server, counts_what_it_does) {
    TestServer test;
    TestClient client(test.port());
    client.upgrade();
    EXPECT_EQ(client.read_text(), "welcome");
    client.send_text("echo hi");
    EXPECT_EQ(client.read_text(), "hi");
    EXPECT_TRUE(TestServer::eventually([&] {
        const std::string text = test.registry.text();
        return text.find("banter_connections{kind=\"websocket\"} 1\n") != std::string::npos &&
               text.find("banter_connections{kind=\"http\"} 0\n") != std::string::npos &&
               text.find("banter_frames_received_total 1\n") != std::string::npos &&
               text.find("banter_queued_bytes 0\n") != std::string::npos &&
               // The response of the handshake counts as one.
               text.find("banter_frames_sent_total 3\n") != std::string::npos;
    })) << test.registry.text();
}

TEST(Drain, closes_websockets_with_1012_and_the_farewell) {
    TestServer test(2);
    std::vector<TestClient> clients;
    for (int i = 0; i < 10; ++i) {
        clients.emplace_back(test.port());
        clients.back().upgrade();
        EXPECT_EQ(clients.back().read_text(), "welcome");
    }
    clients[0].send_text("echo accepted");
    std::thread drain([&] {
        EXPECT_TRUE(test.server.drain(std::chrono::seconds(20), [&] { return test.farewell; }));
    });
    for (TestClient& client : clients) {
        TestFrame frame = client.read_data();
        while (frame.first == 0x81) frame = client.read_data();
        EXPECT_EQ(frame.first, 0x88U);
        EXPECT_EQ(frame.code(), 1012U);
        EXPECT_EQ(frame.payload.substr(2), test.farewell);
        client.send_close(1012);
        EXPECT_TRUE(client.read_frame().ended());
        client.end_sending();
    }
    drain.join();
    test.drained = true;
    EXPECT_EQ(test.log.closed.value(), 10U);
}

TEST(Drain, lets_a_request_in_flight_finish_and_closes_its_connection) {
    TestServer test;
    TestClient busy(test.port());
    TestClient idle(test.port());
    idle.send(get_root);
    EXPECT_NE(idle.read_response().find("hello"), std::string::npos);
    busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(TestServer::eventually([&] {
        return test.registry.text().find("banter_connections{kind=\"http\"} 2") !=
               std::string::npos;
    }));
    // A second request on the same shard goes through after the first was read.
    TestClient probe(test.port());
    probe.send(get_root);
    EXPECT_NE(probe.read_response().find("hello"), std::string::npos);

    std::thread drain([&] {
        EXPECT_TRUE(test.server.drain(std::chrono::seconds(20), [&] { return test.farewell; }));
    });
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_EQ(probe.read_to_end(), "");
    test.release();
    const std::string response = busy.read_to_end();
    EXPECT_NE(response.find("waited"), std::string::npos);
    EXPECT_NE(response.find("Connection: close\r\n"), std::string::npos);
    busy.end_sending();
    drain.join();
    test.drained = true;
}

TEST(Drain, ends_in_time_although_nobody_answers) {
    TestServer test;
    std::vector<TestClient> clients;
    for (int i = 0; i < 5; ++i) {
        clients.emplace_back(test.port(), 4'096);
        clients.back().upgrade();
        EXPECT_EQ(clients.back().read_text(), "welcome");
        clients.back().send_text("answer 5000000");
    }
    TestClient half(test.port());
    half.send("GET / HTTP/1.1\r\nHos");
    TestClient waiting(test.port());
    waiting.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(TestServer::eventually([&] {
        return test.registry.text().find("banter_connections{kind=\"http\"} 2") !=
               std::string::npos;
    }));
    const auto began = std::chrono::steady_clock::now();
    // The wait of the request is a timer's, which cancellation ends: all coroutines are gone.
    (void)test.server.drain(std::chrono::seconds(1), [&] { return test.farewell; });
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
    // A machine that stood still as they were cut off is through with it a little later.
    EXPECT_TRUE(TestServer::eventually([&] { return test.session_count() == 0; }));
    EXPECT_TRUE(test.nobody_is_left());
    test.drained = true;
}

TEST(Drain, accepts_nobody_any_more) {
    TestServer test;
    EXPECT_TRUE(test.server.drain(std::chrono::seconds(5), [&] { return test.farewell; }));
    test.drained = true;
    EXPECT_EQ(failure_on(test.port()), "");
}

}  // namespace
}  // namespace banter::net
