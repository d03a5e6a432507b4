// A network between us and a server, for tests: it can be cut, and can swallow all that is sent
// while connections stay up.
#pragma once

#include "base/task.hpp"
#include "storage/redis/options.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace banter::redis {

/// On the test's own loop, which has to run. The server is one of this machine.
class FaultyNetwork {
public:
    FaultyNetwork(asio::io_context& loop, std::uint16_t server)
        : loop_(loop), server_(server), acceptor_(loop, {asio::ip::address_v4::loopback(), 0}) {
        asio::co_spawn(loop_, accept(), asio::detached);
    }
    ~FaultyNetwork() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        cut();
    }

    [[nodiscard]] Place place() const { return {"127.0.0.1", acceptor_.local_endpoint().port()}; }

    /// Ends all connections.
    void cut() {
        for (const auto& pair : pairs_) pair->close();
        pairs_.clear();
    }

    /// New connections are ended at once.
    bool is_down = false;
    /// Nothing is passed on any more.
    bool swallows = false;
    std::size_t accepted = 0;

private:
    using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
    struct Pair {
        Socket client;
        Socket server;
        void close() {
            boost::system::error_code ignored;
            client.close(ignored);
            server.close(ignored);
        }
    };

    Task<> accept() {
        for (;;) {
            boost::system::error_code failure;
            auto pair = std::make_shared<Pair>(Pair{Socket(loop_), Socket(loop_)});
            co_await acceptor_.async_accept(pair->client, asio::redirect_error(use_task, failure));
            if (failure) co_return;
            ++accepted;
            if (is_down) continue;
            const asio::ip::tcp::endpoint there(asio::ip::address_v4::loopback(), server_);
            pair->server.connect(there, failure);
            if (failure) continue;
            pairs_.push_back(pair);
            asio::co_spawn(loop_, pass(pair, pair->client, pair->server), asio::detached);
            asio::co_spawn(loop_, pass(pair, pair->server, pair->client), asio::detached);
        }
    }

    Task<> pass(std::shared_ptr<Pair> pair, Socket& from, Socket& to) {
        std::array<char, 16 * 1024> room{};
        boost::system::error_code failure;
        while (!failure) {
            const auto all = asio::buffer(room);
            const std::size_t size =
                co_await from.async_read_some(all, asio::redirect_error(use_task, failure));
            if (failure || swallows) continue;
            const auto bytes = asio::buffer(room, size);
            co_await asio::async_write(to, bytes, asio::redirect_error(use_task, failure));
        }
        pair->close();
    }

    asio::io_context& loop_;
    std::uint16_t server_;
    asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor_;
    std::vector<std::shared_ptr<Pair>> pairs_;
};

}  // namespace banter::redis
