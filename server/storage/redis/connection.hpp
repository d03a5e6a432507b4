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

/// "Redis at cache.example:6379"
[[nodiscard]] std::string name_of(const Place& place);

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

    /// The same to a sentinel, which may have a password of its own, or want none: it is told ours,
    /// and whether that was right, its answers say.
    [[nodiscard]] Task<> open_sentinel(Place place);

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

    /// For what is said of it: "Redis at cache.example:6379".
    [[nodiscard]] const std::string& name() const { return name_; }

    /// Whoever is sending or receiving gets RedisLost, with this reason.
    void close(const std::string& why);

private:
    using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
    using Encrypted = asio::ssl::stream<Socket&>;
    /// Of one read.
    struct Arrival {
        std::size_t size = 0;
        boost::system::error_code failure;
    };
    using Endpoints = std::vector<asio::ip::tcp::endpoint>;

    [[nodiscard]] Task<> reach(Place place);
    [[nodiscard]] Task<> connect(const Place& place, Timer& deadline);
    [[nodiscard]] Task<> encrypt(const Place& place, Timer& deadline);
    [[nodiscard]] Task<> greet();
    [[nodiscard]] Task<> read(Arrival& arrival);
    [[nodiscard]] bool has_bytes() const;
    [[noreturn]] void lose(const std::string& why);

    Executor loop_;
    Parts parts_;
    std::string name_;
    /// Why we ended it.
    std::string ended_;
    Socket socket_;
    std::unique_ptr<asio::ssl::context> tls_;
    std::unique_ptr<Encrypted> encrypted_;
    ReplyReader reader_;
    std::array<char, 16 * 1024> room_{};
};

}  // namespace banter::redis
