// A connection to clamd, for one command and its answer. Every call may throw StorageFailure:
// storage_unavailable; then the connection is of no more use.
#pragma once

#include "base/task.hpp"
#include "storage/clamd/address.hpp"

#include <boost/asio/basic_stream_socket.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace banter::clamd {

struct Times {
    /// To be let in.
    std::chrono::milliseconds connect{5'000};
    /// For clamd to take what one call of send() has. A database that is loaded anew holds it up.
    std::chrono::milliseconds take{30'000};
    /// From a file's end to the answer: clamd scans for two minutes at most (MaxScanTime), after
    /// what waits before.
    std::chrono::milliseconds scan{180'000};
    /// For the answer to a PING.
    std::chrono::milliseconds ping{10'000};
};

class Connection {
public:
    /// The address outlives it.
    Connection(Executor loop, const Address& address, const Times& times);

    [[nodiscard]] Task<> open();

    /// While clamd answers, which it may not before it was told everything, it is a failure.
    [[nodiscard]] Task<> send(std::string_view bytes);

    /// The answer, without the NUL that ends it. One that is cut off or too long is a failure.
    [[nodiscard]] Task<std::string> receive(std::chrono::milliseconds within);

    /// Throws the failure that is told in the log as `why`.
    [[noreturn]] void fail(const std::string& why) const;

private:
    using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;

    [[nodiscard]] Task<> wait_for_room(Timer& deadline);
    [[nodiscard]] Task<> wait_for_bytes(Timer& deadline);
    /// What it sent before it was asked to, or before it went away.
    [[nodiscard]] std::string already_said();
    [[noreturn]] void fail(const std::string& doing, const boost::system::error_code& failure)
        const;

    Executor loop_;
    const Address& address_;
    const Times times_;
    Socket socket_;
};

}  // namespace banter::clamd
