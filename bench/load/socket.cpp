// Connecting: blocking, because loopback answers at once; non-blocking from then on.

#include "load/socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace banter::bench {

namespace {

constexpr std::uint32_t sessions_per_source = 4000;

void check(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in ipv4(std::uint32_t host_order, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(host_order);
    address.sin_port = htons(port);
    return address;
}

void check_connected(int fd, const sockaddr_in& to) {
    check(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to), "connect");
}

}  // namespace

Address parse_address(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) throw std::runtime_error("an address is HOST:PORT: " + text);
    return {text.substr(0, colon), static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)))};
}

int connect_to(const Address& server, std::uint32_t source_index) {
    in_addr host{};
    if (::inet_pton(AF_INET, server.host.c_str(), &host) != 1) {
        throw std::runtime_error("not an IPv4 address: " + server.host);
    }
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(fd, "socket");
    const int on = 1;
    // Without this the kernel picks the port at bind, out of one range for all sources together.
    check(::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on), "no port");
    const auto source = ipv4(0x7f000101 + source_index / sessions_per_source, 0);
    check(::bind(fd, reinterpret_cast<const sockaddr*>(&source), sizeof source), "bind");
    check_connected(fd, ipv4(ntohl(host.s_addr), server.port));
    check(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    check(::fcntl(fd, F_SETFL, O_NONBLOCK), "O_NONBLOCK");
    return fd;
}

}  // namespace banter::bench
