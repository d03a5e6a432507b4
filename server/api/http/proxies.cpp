#include "api/http/proxies.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

namespace banter::api::http {

namespace {

namespace ip = boost::asio::ip;

constexpr unsigned address_bits = 128;
/// Of these the last 32 are an IPv4 address.
constexpr unsigned mapped_bits = 96;
/// What one customer has of IPv6.
constexpr std::size_t customer_bytes = 8;

bool is_mapped(const Address& address) {
    constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

std::string text_of(const Address& address) {
    if (is_mapped(address)) {
        ip::address_v4::bytes_type four;
        std::copy(address.begin() + 12, address.end(), four.begin());
        return ip::address_v4(four).to_string();
    }
    ip::address_v6::bytes_type six;
    std::copy(address.begin(), address.end(), six.begin());
    if (ip::address_v6(six).is_loopback()) return "::1";
    std::fill(six.begin() + customer_bytes, six.end(), std::uint8_t{0});
    return ip::address_v6(six).to_string();
}

/// An element of X-Forwarded-For: some proxies write the port too, and IPv6 in brackets.
std::optional<Address> parse_element(std::string_view text) {
    if (!text.empty() && text.front() == '[') {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view rest = text.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') return std::nullopt;
        return parse_address(text.substr(1, end - 1));
    }
    const std::size_t colon = text.find(':');
    const bool has_port = colon != std::string_view::npos && text.rfind(':') == colon;
    return parse_address(has_port ? text.substr(0, colon) : text);
}

/// The elements of a list that may be spread over several lines; as they are, also empty ones.
std::vector<std::string_view> elements(const net::http::Request& request, std::string_view name) {
    std::vector<std::string_view> out;
    for (std::string_view line : request.headers.find_all(name)) {
        for (bool more = true; more;) {
            const std::size_t comma = std::min(line.find(','), line.size());
            std::string_view one = line.substr(0, comma);
            while (!one.empty() && (one.front() == ' ' || one.front() == '\t'))
                one.remove_prefix(1);
            while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
            out.push_back(one);
            more = comma < line.size();
            if (more) line.remove_prefix(comma + 1);
        }
    }
    return out;
}

/// The nearest proxy's word is the last.
bool was_secure(const net::http::Request& request) {
    const auto schemes = elements(request, "X-Forwarded-Proto");
    return !schemes.empty() && net::http::equals_ignoring_case(schemes.back(), "https");
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    // A zone is a matter of one machine.
    if (text.find('%') != std::string_view::npos) return std::nullopt;
    boost::system::error_code failure;
    const ip::address parsed = ip::make_address(std::string(text), failure);
    if (failure) return std::nullopt;
    const ip::address_v6 six =
        parsed.is_v4() ? ip::make_address_v6(ip::v4_mapped, parsed.to_v4()) : parsed.to_v6();
    Address address;
    const auto bytes = six.to_bytes();
    std::copy(bytes.begin(), bytes.end(), address.begin());
    return address;
}

bool Network::contains(const Address& other) const {
    const std::size_t whole = bits / 8;
    if (!std::equal(
            address.begin(),
            std::next(address.begin(), static_cast<std::ptrdiff_t>(whole)),
            other.begin()
        ))
        return false;
    const unsigned left = bits % 8;
    return left == 0 || (address[whole] ^ other[whole]) >> (8 - left) == 0;
}

std::optional<Network> parse_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    Network network{*address, address_bits};
    if (slash == std::string_view::npos) return network;
    const std::string_view digits = text.substr(slash + 1);
    const bool is_v4 = text.find(':') == std::string_view::npos;
    const unsigned skipped = is_v4 ? mapped_bits : 0;
    unsigned bits = 0;
    const char* end = digits.data() + digits.size();
    const auto [last, failure] = std::from_chars(digits.data(), end, bits);
    if (failure != std::errc() || last != end || bits > address_bits - skipped) return std::nullopt;
    network.bits = bits + skipped;
    return network;
}

Proxies::Proxies(const std::vector<std::string>& networks) {
    for (const std::string& text : networks) {
        const auto network = parse_network(text);
        if (!network) {
            throw std::invalid_argument(
                "trusted-proxies: " + text + " is no network such as 10.0.0.0/8, and no address"
            );
        }
        networks_.push_back(*network);
    }
}

bool Proxies::trusts(const Address& address) const {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        return network.contains(address);
    });
}

Client Proxies::client_of(const net::http::Request& request) const {
    const auto peer = parse_address(request.peer_address);
    if (!peer) return {request.peer_address, request.secure};
    if (!trusts(*peer)) return {text_of(*peer), request.secure};
    Address client = *peer;
    const auto forwarded = elements(request, "X-Forwarded-For");
    for (auto one = forwarded.rbegin(); one != forwarded.rend() && trusts(client); ++one) {
        const auto address = parse_element(*one);
        if (!address) break;
        client = *address;
    }
    return {text_of(client), request.secure || was_secure(request)};
}

}  // namespace banter::api::http
