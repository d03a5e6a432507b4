// For tests: a server of the engine on a free port of 127.0.0.1, with an application that does as
// it is told.
#pragma once

#include "net/server.hpp"
#include "net/shards.hpp"
#include "net/websocket/session.hpp"
#include "net/websocket/sessions.hpp"

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace banter::net {

/// What the applications of a test server did, from all shards.
struct TestLog {
    metrics::Counter opened;
    metrics::Counter closed;
    metrics::Counter texts;
};

/// Answers over HTTP: GET / "hello"; POST /echo the body; GET /wait after `release`; GET /big 1 MB.
/// Over WebSocket on /ws: "echo …" is echoed; "all …" goes to every session of the shard as a
/// broadcast; "answer N" gets N bytes; "close" closes with 4400; "pause" and "resume later" pause
/// reading.
class TestServer {
public:
    /// Makes another application, for one shard.
    using Maker = std::function<std::unique_ptr<http::Application>(TestServer&, std::size_t)>;

    explicit TestServer(std::size_t shards = 1, Limits limits = {}, const Maker& make = {});
    ~TestServer();

    [[nodiscard]] std::uint16_t port() const { return server.port(); }
    /// Calls `use(sessions)` on the shard and returns what it returns.
    template <typename Use>
    auto on_shard(std::size_t index, Use use) {
        std::promise<std::invoke_result_t<Use&, websocket::Sessions&>> promise;
        shards[index].post([&] { promise.set_value(use(server.sessions(index))); });
        return promise.get_future().get();
    }
    [[nodiscard]] std::size_t session_count(std::size_t shard = 0) {
        return on_shard(shard, [](websocket::Sessions& sessions) { return sessions.size(); });
    }
    /// Waits for a condition that other shards bring about; false after ten seconds.
    [[nodiscard]] static bool eventually(const std::function<bool()>& holds);
    /// Waits until no connection of HTTP is open; false after ten seconds.
    [[nodiscard]] bool nobody_is_left() const;

    metrics::Registry registry;
    TestLog log;
    Limits limits;
    Shards shards;
    Server server;
    std::function<void()> release = [] {};  // lets GET /wait answer
    std::string farewell = "{\"retryAfterMs\":100}";
    bool drained = false;
};

}  // namespace banter::net
