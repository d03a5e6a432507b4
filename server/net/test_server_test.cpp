// The body of test_server.hpp, compiled with the tests only.
#include "net/test_server.hpp"

#include "net/http/application.hpp"

#include <boost/asio/redirect_error.hpp>

#include <gtest/gtest.h>

#include <charconv>
#include <set>
#include <thread>
#include <utility>

namespace banter::net {

namespace {

using websocket::Session;

class Talker final : public websocket::Application {
public:
    Talker(TestLog& log, std::set<Session*>& others) : log_(log), others_(others) {}
    ~Talker() override { EXPECT_TRUE(session_ == nullptr); }

    void on_open(Session& session) override {
        log_.opened.add();
        session_ = &session;
        others_.insert(session_);
        session.send_answer("welcome");
    }

    void on_text(std::string_view payload) override {
        log_.texts.add();
        if (payload.starts_with("echo ")) session_->send_answer(payload.substr(5));
        if (payload.starts_with("all ")) tell_all(payload.substr(4));
        if (payload.starts_with("answer "))
            session_->send_answer(std::string(number(payload.substr(7)), 'a'));
        if (payload == "close") session_->close(4400, "as you like");
        if (payload == "close all") {
            for (Session* other : others_) other->close(4400, "all of you");
        }
        if (payload == "pause") {
            session_->pause_reading();
            session_->shard().post([this, watched = std::weak_ptr<int>(alive_)] {
                if (watched.expired()) return;
                session_->send_answer("resumed");
                session_->resume_reading();
            });
        }
    }

    void on_binary(std::string_view payload) override { session_->send_binary(payload); }

    void on_closed() override {
        log_.closed.add();
        others_.erase(session_);
        session_ = nullptr;
    }

private:
    static std::size_t number(std::string_view text) {
        std::size_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }

    void tell_all(std::string_view payload) {
        const websocket::LocalFrame frame(session_->sessions().encode(payload));
        for (Session* other : others_) other->send_broadcast(frame);
    }

    TestLog& log_;
    std::set<Session*>& others_;
    Session* session_ = nullptr;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

class Answerer final : public http::Application {
public:
    explicit Answerer(TestServer& test, std::size_t shard)
        : test_(test), waiting_(test.shards[shard].executor()) {
        waiting_.expires_at(Timer::time_point::max());
        test.release = [this, &loop = test.shards[shard]] {
            loop.post([this] { waiting_.cancel(); });
        };
    }

    Task<http::Response> respond(http::Request request) override {
        if (request.path == std::vector<std::string>{"wait"}) {
            boost::system::error_code woken;
            co_await waiting_.async_wait(asio::redirect_error(use_task, woken));
            co_return http::Response::of(200, "text/plain", "waited");
        }
        if (request.path == std::vector<std::string>{"big"}) {
            co_return http::Response::of(200, "text/plain", std::string(1'000'000, 'b'));
        }
        if (request.path == std::vector<std::string>{"echo"}) {
            co_return http::Response::of(200, "text/plain", std::move(request.body));
        }
        if (request.path.empty()) co_return http::Response::of(200, "text/plain", "hello");
        co_return http::Response::of(404, "text/plain", "nothing here");
    }

    Task<http::UpgradeDecision> upgrade(http::Request request) override {
        if (request.path != std::vector<std::string>{"ws"}) {
            co_return http::Response::of(403, "text/plain", "not here");
        }
        http::Upgrade agreed;
        agreed.application = std::make_unique<Talker>(test_.log, talkers_);
        co_return agreed;
    }

    http::Response refuse(int status, std::string_view why, const http::Request*) override {
        return http::Response::of(status, "text/plain", std::string(why));
    }

private:
    TestServer& test_;
    Timer waiting_;
    std::set<Session*> talkers_;
};

}  // namespace

TestServer::TestServer(std::size_t shard_count, Limits with, const Maker& make)
    : limits(with), shards(shard_count, with), server(shards, with, registry) {
    shards.start();
    const Endpoint anywhere(asio::ip::make_address("127.0.0.1"), 0);
    server.start(anywhere, [&](std::size_t shard) -> std::unique_ptr<http::Application> {
        if (make) return make(*this, shard);
        return std::make_unique<Answerer>(*this, shard);
    });
}

TestServer::~TestServer() {
    if (!drained) {
        EXPECT_TRUE(server.drain(std::chrono::seconds(2), [this] { return farewell; }));
    }
    shards.stop();
    EXPECT_EQ(log.opened.value(), log.closed.value()) << "on_closed is called exactly once";
}

bool TestServer::eventually(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

bool TestServer::nobody_is_left() const {
    return eventually([this] {
        return registry.text().find("banter_connections{kind=\"http\"} 0") != std::string::npos;
    });
}

}  // namespace banter::net
