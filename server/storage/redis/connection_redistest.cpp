// What a real Redis says to us. BANTER_TEST_REDIS is where, as `--redis` takes it.
#include "storage/redis/testing/pubsub.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace banter::redis {
namespace {

using namespace std::chrono_literals;
using banter::testing::run;
using Kind = Reply::Kind;

class RedisConnection : public ::testing::Test {
protected:
    Connection make() { return {loop.get_executor(), {options, resolving, times}}; }
    void open(Connection& connection) { run(loop, connection.open(options.places.front())); }
    std::vector<Reply> ask(
        Connection& connection,
        std::initializer_list<std::initializer_list<std::string_view>> commands
    ) {
        std::string text;
        for (const auto& command : commands) append_command(text, command);
        return run(loop, connection.exchange(std::move(text), commands.size()));
    }
    /// Why it was lost.
    std::string loss(Task<> task) {
        try {
            run(loop, std::move(task));
        } catch (const RedisLost& lost) {
            return lost.what();
        }
        return "not lost";
    }

    asio::io_context loop{1};
    Offload resolving{1, 10};
    RedisOptions options = options_in("BANTER_TEST_REDIS");
    Times times{10s, 10s};
};

TEST_F(RedisConnection, commands_are_answered_in_their_order) {
    auto connection = make();
    open(connection);
    const std::string key = "banter-test:" + std::to_string(::getpid());
    const auto replies =
        ask(connection,
            {{"SET", key, std::string_view("a\0\r\n", 4)},
             {"GET", key},
             {"HGET", key, "x"},
             {"DEL", key},
             {"GET", key}});
    EXPECT_EQ(replies.at(0).text, "OK");
    EXPECT_EQ(replies.at(1).text, std::string("a\0\r\n", 4));
    EXPECT_EQ(replies.at(2).error_name(), "WRONGTYPE");
    EXPECT_EQ(replies.at(3).integer, 1);
    EXPECT_EQ(replies.at(4).kind, Kind::nothing);
}

TEST_F(RedisConnection, an_answer_of_many_pieces_is_whole) {
    auto connection = make();
    open(connection);
    const std::string large(3'000'000, 'x');
    const auto replies = ask(connection, {{"ECHO", large}, {"PING"}});
    EXPECT_EQ(replies.at(0).text, large);
    EXPECT_EQ(replies.at(1).text, "PONG");
}

TEST_F(RedisConnection, a_subscriber_is_told_what_is_published) {
    auto subscriber = make();
    auto publisher = make();
    open(subscriber);
    open(publisher);
    EXPECT_EQ(
        ask(subscriber, {{"SUBSCRIBE", "banter-test-1"}}).at(0).items.at(0).text, "subscribe"
    );
    EXPECT_EQ(ask(publisher, {{"PUBLISH", "banter-test-1", "hello"}}).at(0).integer, 1);
    const Reply told = run(loop, subscriber.receive(10s));
    ASSERT_EQ(told.items.size(), 3U);
    EXPECT_EQ(told.items[0].text, "message");
    EXPECT_EQ(told.items[2].text, "hello");
}

TEST_F(RedisConnection, who_is_not_let_in_is_told_why) {
    options.password = "certainly wrong";
    options.user.clear();
    auto connection = make();
    try {
        open(connection);
        FAIL() << "let in";
    } catch (const RedisRefused& refused) {
        EXPECT_EQ(std::string(refused.what()).find("certainly wrong"), std::string::npos);
        EXPECT_NE(std::string(refused.what()).find("does not let us in"), std::string::npos);
    }
}

TEST_F(RedisConnection, a_host_that_is_unknown_or_refuses_is_named) {
    auto connection = make();
    EXPECT_NE(
        loss(connection.open({"no-such-host.invalid", 1})).find("is unknown"), std::string::npos
    );
    asio::ip::tcp::acceptor taken(loop, {asio::ip::address_v4::loopback(), 0});
    const auto port = taken.local_endpoint().port();
    taken.close();
    auto other = make();
    const std::string why = loss(other.open({"127.0.0.1", port}));
    EXPECT_NE(why.find("127.0.0.1:" + std::to_string(port)), std::string::npos) << why;
    EXPECT_NE(why.find("can't be reached"), std::string::npos) << why;
}

TEST_F(RedisConnection, one_that_says_nothing_is_given_up) {
    // The kernel takes the connection, and nobody reads from it.
    asio::ip::tcp::acceptor silent(loop, {asio::ip::address_v4::loopback(), 0});
    times.answer = 50ms;
    auto connection = make();
    const std::string why = loss(connection.open({"127.0.0.1", silent.local_endpoint().port()}));
    EXPECT_NE(why.find("does not answer"), std::string::npos) << why;
}

/// Says one thing to whoever comes, and goes.
std::string greeted_by(asio::io_context& loop, Connection& connection, std::string_view said) {
    asio::ip::tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
    const auto port = acceptor.local_endpoint().port();
    std::jthread other([&acceptor, said] {
        auto peer = acceptor.accept();
        std::array<char, 100> room{};
        peer.read_some(asio::buffer(room));
        asio::write(peer, asio::buffer(said));
    });
    try {
        run(loop, connection.open({"127.0.0.1", port}));
    } catch (const RedisLost& lost) {
        return lost.what();
    }
    return "let in";
}

TEST_F(RedisConnection, what_is_no_redis_is_named_so) {
    options.password.clear();
    auto connection = make();
    const std::string why = greeted_by(loop, connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
    EXPECT_NE(why.find("speaks no Redis"), std::string::npos) << why;
}

TEST_F(RedisConnection, one_that_goes_in_the_middle_is_lost) {
    options.password.clear();
    auto connection = make();
    const std::string why = greeted_by(loop, connection, "$100\r\nabc");
    EXPECT_NE(why.find("went away"), std::string::npos) << why;
}

}  // namespace
}  // namespace banter::redis
