// The server: listeners, HTTP sessions and WebSocket sessions of all shards, from `start` to
// `drain`.
#pragma once

#include "base/budget.hpp"
#include "base/metrics.hpp"
#include "net/http/application.hpp"
#include "net/limits.hpp"
#include "net/listener.hpp"
#include "net/shards.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace banter::net {

class ShardServer;

namespace websocket {
class Sessions;
}

/// For the thread of execution that starts the process, which is no shard. The shards run from
/// before `start` to after `drain`, and stop before the server is destroyed.
class Server {
public:
    using ApplicationFactory = std::function<std::unique_ptr<http::Application>(std::size_t shard)>;
    /// Gives the reason of one session's Close, such as when to come back. Called on every shard.
    using Farewell = std::function<std::string()>;

    Server(Shards& shards, const Limits& limits, metrics::Registry& registry);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Opens the port, then makes each shard's application on its shard, and accepts.
    /// Throws std::system_error when the port can't be had; then nothing was started.
    void start(const Endpoint& endpoint, const ApplicationFactory& make_application);

    /// The port that is listened on.
    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// The WebSocket sessions of a shard; to be used on that shard.
    [[nodiscard]] websocket::Sessions& sessions(std::size_t shard);
    /// The application of a shard, after `start`; to be used on that shard.
    [[nodiscard]] http::Application& application(std::size_t shard);

    /// Stops accepting, lets requests in flight finish, closes WebSocket sessions with 1012 after
    /// what they have accepted was sent, and returns when all is closed, at the latest after
    /// `within`: who is left shortly before is cut off. False: an application's coroutine did not
    /// end even so; then the process has to end without destroying.
    [[nodiscard]] bool drain(std::chrono::milliseconds within, const Farewell& farewell);

private:
    template <typename Use>
    void on_every_shard(Use use);

    Shards& shards_;
    Budget budget_;
    std::vector<std::unique_ptr<ShardServer>> parts_;
    std::uint16_t port_ = 0;
};

}  // namespace banter::net
