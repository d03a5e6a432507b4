// One shard's part of the server: its listener, its HTTP sessions and its WebSocket sessions.
#pragma once

#include "base/budget.hpp"
#include "base/metrics.hpp"
#include "base/task_group.hpp"
#include "net/http/application.hpp"
#include "net/http/session.hpp"
#include "net/listener.hpp"
#include "net/shard.hpp"
#include "net/shards.hpp"
#include "net/websocket/sessions.hpp"

#include <boost/intrusive/list.hpp>

#include <functional>
#include <memory>
#include <string>

namespace banter::net {

/// Every call on its shard, but construction (before it serves) and destruction (after the shard
/// stopped).
class ShardServer {
public:
    ShardServer(
        Shard& shard,
        Budget& budget,
        metrics::Gauge& deflate_readers,
        metrics::Registry& registry
    );
    ~ShardServer();
    ShardServer(const ShardServer&) = delete;
    ShardServer& operator=(const ShardServer&) = delete;

    void start(Acceptor acceptor, std::unique_ptr<http::Application> application);

    /// Stops accepting, asks everyone to end, and calls `emptied` once when nobody is left.
    void drain(std::function<std::string()> farewell, std::function<void()> emptied);
    /// Cuts off who is left.
    void cut_off();

    [[nodiscard]] Shard& shard() { return shard_; }
    [[nodiscard]] websocket::Sessions& sessions() { return sessions_; }
    [[nodiscard]] http::Application& application() { return *application_; }

private:
    void close_sessions();
    void look_whether_empty();
    void accepted(Socket socket, const Endpoint& peer);
    static Task<> serve(ShardServer* server, std::unique_ptr<http::Session> session);

    Shard& shard_;
    Budget& budget_;
    metrics::Gauge& http_sessions_count_;
    std::unique_ptr<http::Application> application_;
    std::unique_ptr<Listener> listener_;
    websocket::Sessions sessions_;
    boost::intrusive::list<http::Session, boost::intrusive::constant_time_size<false>>
        http_sessions_;
    std::function<std::string()> farewell_;  // set while draining
    std::function<void()> emptied_;          // the same, until it was called
    TaskGroup serving_;
};

}  // namespace banter::net
