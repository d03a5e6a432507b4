#include "storage/clamd/address.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <sys/un.h>

#include <charconv>
#include <cstdint>
#include <optional>

namespace banter::clamd {

namespace {

namespace asio = boost::asio;

/// The path of a socket ends with a NUL.
constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;

Error wrong(std::string detail) { return {Errc::bad_request, std::move(detail)}; }

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* const last = text.data() + text.size();
    const auto [end, failure] = std::from_chars(text.data(), last, port);
    if (failure != std::errc() || end != last || port == 0) return std::nullopt;
    return port;
}

/// Without the brackets that IPv6 has to have before a port.
std::optional<asio::ip::address> parse_host(std::string_view text) {
    const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
    if (bracketed) text = text.substr(1, text.size() - 2);
    boost::system::error_code failure;
    const auto host = asio::ip::make_address(text, failure);
    if (failure || host.is_v6() != bracketed) return std::nullopt;
    return host;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    if (text.starts_with('/')) {
        if (text.ends_with('/')) return wrong("has to name a socket, not a directory");
        if (text.size() > path_bytes_max) {
            return wrong(
                "is longer than the path of a socket can be (" + std::to_string(path_bytes_max) +
                " bytes)"
            );
        }
        return Address{std::string(text), asio::local::stream_protocol::endpoint(text)};
    }
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return wrong(
            "has to be the path of clamd's socket, such as /run/clamav/clamd.ctl, or an address "
            "with a port, such as 127.0.0.1:3310"
        );
    }
    const auto host = parse_host(text.substr(0, colon));
    if (!host) return wrong("needs a numeric address before the port, as in 127.0.0.1 or [::1]");
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) return wrong("needs a port from 1 to 65535 after the colon");
    return Address{std::string(text), asio::ip::tcp::endpoint(*host, *port)};
}

}  // namespace banter::clamd
