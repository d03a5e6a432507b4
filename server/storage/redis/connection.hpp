// A connection to one Redis, on one loop. Commands are answered in their order; a subscriber is
// told things without having asked.
#pragma once

#include "base/offload.hpp"
#include "base/task.hpp"
#include "storage/redis/options.hpp"
#include "storage/redis/resp.hpp"
#include "storage/redis/trouble.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banter::redis {

struct Times {
    /// To be connected and known.
    std::chrono::milliseconds connect{2'000};
    /// For what is sent to be taken, and for each answer.
    std::chrono::milliseconds answer{2'000};
};

/// At most one send and one receive at a time. After a failure it is of no more use.
class Connection {
public:
    struct Parts {
        /// The user, the password, the database and whether it is encrypted; not its places.
        const RedisOptions& options;
        /// Where names of hosts are resolved, which blocks.
        Offload& resolving;
        Times times;
    };

    Connection(Executor loop, const Parts& parts);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Connects and says who this is. Throws RedisLost, RedisRefused (a wrong password)
    [[nodiscard]] Task<> open(Place place);

    /// Throws RedisLost
    [[nodiscard]] Task<> send(std::string commands);

    /// The next answer, or what a subscriber is told. Throws RedisLost, also when nothing came for
    /// so long
    [[nodiscard]] Task<Reply> receive(std::chrono::milliseconds within);

    /// Sends commands and receives as many answers, in one round trip. An answer may be an error.
    /// Throws RedisLost
    [[nodiscard]] Task<std::vector<Reply>> exchange(std::string commands, std::size_t answers);

    /// Returns when something came, or the server went away, while nobody receives.
    [[nodiscard]] Task<> wait_for_bytes();

    /// Whoever is sending or receiving gets RedisLost.
    void close();

private:
    using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
    using Encrypted = asio::ssl::stream<Socket&>;
    using Endpoints = std::vector<asio::ip::tcp::endpoint>;

    [[nodiscard]] Task<> connect(const Place& place, Timer& deadline);
    [[nodiscard]] Task<> encrypt(const Place& place, Timer& deadline);
    [[nodiscard]] Task<> greet();
    [[noreturn]] void lose(const std::string& why);

    Executor loop_;
    Parts parts_;
    /// For what is said of it.
    std::string name_;
    Socket socket_;
    std::unique_ptr<asio::ssl::context> tls_;
    std::unique_ptr<Encrypted> encrypted_;
    ReplyReader reader_;
    std::array<char, 16 * 1024> room_{};
};

}  // namespace banter::redis
