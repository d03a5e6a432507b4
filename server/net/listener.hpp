// Accepts TCP connections for one shard. Every shard has a listener of its own on the same port
// (SO_REUSEPORT).
#pragma once

#include "base/budget.hpp"
#include "base/task.hpp"
#include "net/shard.hpp"
#include "net/shards.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <vector>

namespace banter::net {

using Endpoint = asio::ip::tcp::endpoint;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

/// Opens one listening socket for each loop, all on one port; port 0 picks a free one.
///
/// Throws std::system_error with a sentence for the operator: the port is in use (by any program,
/// also one that shares ports), the address is not of this machine, no permission.
[[nodiscard]] std::vector<Acceptor> listen(
    const Endpoint& endpoint,
    const Loops& loops,
    const Limits& limits
);

/// Lives on its shard. Accepts as long as the budget has room; rests, without spinning, when it has
/// not or when the process or the machine is out of descriptors.
class Listener final : private TimingWheel::Entry {
public:
    /// Takes over an accepted, non-blocking socket with TCP_NODELAY and TCP_NOTSENT_LOWAT set. One
    /// session has been taken from the budget for it.
    using Accepted = std::function<void(Socket socket, const Endpoint& peer)>;

    Listener(Shard& shard, Acceptor acceptor, Budget& budget, Accepted accepted);

    void start();
    /// Closes the listening socket; nothing is accepted any more.
    void stop();

private:
    void on_due() override;
    void wait();
    void accept_all();
    /// False: nothing more to accept now.
    bool accept_one();

    Shard& shard_;
    Acceptor acceptor_;
    Budget& budget_;
    Accepted accepted_;
};

}  // namespace banter::net
