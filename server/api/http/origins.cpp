#include "api/http/origins.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace banter::api::http {

namespace {

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

bool is_name_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '.' || letter == '_';
}

bool is_address_letter(char letter) {
    return (letter >= 'a' && letter <= 'f') || (letter >= '0' && letter <= '9') || letter == ':' ||
           letter == '.';
}

/// Bytes of the host at the start of `text`: a name, an address, or an IPv6 address in brackets; 0:
/// none.
std::size_t host_size(std::string_view text) {
    if (!text.empty() && text.front() == '[') {
        std::size_t at = 1;
        while (at < text.size() && is_address_letter(text[at])) ++at;
        return at > 1 && at < text.size() && text[at] == ']' ? at + 1 : 0;
    }
    std::size_t at = 0;
    while (at < text.size() && is_name_letter(text[at])) ++at;
    return at;
}

/// ":8443" to 8443; nothing if it is none or has leading zeros.
std::optional<std::uint16_t> port_of(std::string_view text) {
    if (text.size() < 2 || text.front() != ':' || text[1] == '0') return std::nullopt;
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [last, failure] = std::from_chars(text.data() + 1, end, port);
    if (failure != std::errc() || last != end) return std::nullopt;
    return port;
}

std::string origin_of(std::string_view what, std::string_view text) {
    // A public URL may end in the slash of its root.
    if (!text.empty() && text.back() == '/') text.remove_suffix(1);
    auto origin = normal_origin(text);
    if (origin) return *std::move(origin);
    throw std::invalid_argument(
        std::string(what) +
        ": write http:// or https://, a host and perhaps a port, and nothing more"
    );
}

std::string origin_at(std::string_view scheme, std::string_view address, std::uint16_t port) {
    const bool six = address.find(':') != std::string_view::npos;
    std::string origin(scheme);
    origin += six ? "[" + std::string(address) + "]" : std::string(address);
    if (port != (scheme == "https://" ? 443 : 80)) origin += ":" + std::to_string(port);
    return origin;
}

std::vector<std::string> listened_origins(const Origins::Own& own, std::string_view scheme) {
    std::vector<std::string> origins{origin_at(scheme, "localhost", own.port)};
    for (const std::string& address : own.listened_addresses) {
        if (address == "0.0.0.0" || address == "::") {
            origins.push_back(origin_at(scheme, "127.0.0.1", own.port));
            origins.push_back(origin_at(scheme, "::1", own.port));
        } else {
            origins.push_back(origin_at(scheme, address, own.port));
        }
    }
    return origins;
}

bool contains(const std::vector<std::string>& origins, std::string_view origin) {
    const auto normal = normal_origin(origin);
    return normal && std::find(origins.begin(), origins.end(), *normal) != origins.end();
}

}  // namespace

std::optional<std::string> normal_origin(std::string_view text) {
    std::string origin(text);
    std::transform(origin.begin(), origin.end(), origin.begin(), lower);
    const bool secure = origin.starts_with("https://");
    if (!secure && !origin.starts_with("http://")) return std::nullopt;
    const std::size_t host_at = secure ? 8 : 7;
    const std::size_t size = host_size(std::string_view(origin).substr(host_at));
    if (size == 0) return std::nullopt;
    const std::string_view rest = std::string_view(origin).substr(host_at + size);
    if (rest.empty()) return origin;
    const auto port = port_of(rest);
    if (!port) return std::nullopt;
    if (*port == (secure ? 443 : 80)) origin.resize(host_at + size);
    return origin;
}

Origins::Origins(const Own& own, const std::vector<std::string>& allowed) {
    if (own.public_url.empty()) {
        own_ = listened_origins(own, "http://");
        own_secure_ = listened_origins(own, "https://");
    } else {
        own_ = own_secure_ = {origin_of("public-url", own.public_url)};
        https_ = own_.front().starts_with("https://");
    }
    for (const std::string& origin : allowed)
        allowed_.push_back(origin_of("allowed-origins", origin));
}

bool Origins::is_own(std::string_view origin, bool secure) const {
    return contains(secure ? own_secure_ : own_, origin);
}

bool Origins::accepts(std::string_view origin, bool secure) const {
    return is_own(origin, secure) || contains(allowed_, origin);
}

}  // namespace banter::api::http
