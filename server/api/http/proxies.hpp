// Who asks when there are reverse proxies in front of this server. Pure.
#pragma once

#include "net/http/request.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::http {

/// 16 bytes: of IPv4 the mapped form (RFC 4291 2.5.5.2), so that it is the same however it came.
using Address = std::array<std::uint8_t, 16>;

/// "192.0.2.1" or "2001:db8::1"; nothing for anything else, also for one with a zone.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

/// A network, or one address.
struct Network {
    Address address{};
    /// Bits of the address that count.
    unsigned bits = 128;

    [[nodiscard]] bool contains(const Address& other) const;
};

/// "10.0.0.0/8", "::1", "fd00::/8"; nothing for anything else.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

/// What is known of the client that a request comes from.
struct Client {
    /// Numeric. Of IPv6 the network of 64 bits, because whoever has one of its addresses has all;
    /// but `::1` is itself.
    std::string address;
    /// Whether it asks by https.
    bool secure = false;
};

/// The proxies whose word counts: what they write into X-Forwarded-For and X-Forwarded-Proto.
class Proxies {
public:
    Proxies() = default;
    /// Throws std::invalid_argument that names what is no network.
    explicit Proxies(const std::vector<std::string>& networks);

    /// From a peer that is no such proxy: the peer, whatever the request says. Else the last
    /// address of X-Forwarded-For that is no such proxy, for each of them appends whom it was asked
    /// by; what stands before something that is no address was written by nobody who counts.
    [[nodiscard]] Client client_of(const net::http::Request& request) const;

private:
    [[nodiscard]] bool trusts(const Address& address) const;

    std::vector<Network> networks_;
};

}  // namespace banter::api::http
