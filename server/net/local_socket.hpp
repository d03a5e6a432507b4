// Sockets that only processes of this machine reach: unix(7), by the path of a file.
#pragma once

#include "base/descriptor.hpp"
#include "base/task.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>

namespace banter::net {

using LocalSocket = asio::basic_stream_socket<asio::local::stream_protocol, Executor>;
using LocalAcceptor = asio::basic_socket_acceptor<asio::local::stream_protocol, Executor>;

/// Listens at `file`, for this user (and root) only. What is there already is replaced: the caller
/// knows that no other process listens there. The path may be of any length.
/// Throws std::system_error.
[[nodiscard]] LocalAcceptor listen_locally(Executor executor, const std::filesystem::path& file);

/// Connects to who listens at `file`; blocks. None: nobody does, or may be asked.
[[nodiscard]] Descriptor connect_locally(const std::filesystem::path& file);

}  // namespace banter::net
