#pragma once
// TCP connections to a server on loopback, as many as the descriptors allow.

#include <cstdint>
#include <string>

namespace banter::bench {

struct Address {
    std::string host;  // dotted IPv4
    std::uint16_t port = 0;
};

/// Reads "HOST:PORT". Throws std::runtime_error.
Address parse_address(const std::string& text);

/// Connects and returns a non-blocking descriptor with TCP_NODELAY.
///
/// source_index   picks the source address 127.0.1.(1 + source_index / 4000), so that the ports of
///                one address never run out
/// Throws std::system_error.
int connect_to(const Address& server, std::uint32_t source_index);

}  // namespace banter::bench
