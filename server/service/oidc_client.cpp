#include "service/oidc_client.hpp"

#include "base/encoding.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace banter::service {

namespace {

constexpr std::size_t name_bytes_max = 32;

/// RFC 6761 6.3 and RFC 5735: what can't be anywhere else.
bool is_loopback(std::string_view host) {
    constexpr std::string_view network = "127.";
    if (host == "localhost" || host == "[::1]") return true;
    return host.starts_with(network) && std::ranges::all_of(host, [](char letter) {
               return letter == '.' || (letter >= '0' && letter <= '9');
           });
}

/// Of what follows the scheme, without the port.
std::string_view host_of(std::string_view rest) {
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) return {};
    return authority.substr(0, authority.find(':', bracket));
}

}  // namespace

bool is_oidc_name(std::string_view text) {
    if (text.empty() || text.size() > name_bytes_max) return false;
    return std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-';
    });
}

bool is_oidc_url(std::string_view text) {
    constexpr std::string_view plain = "http://";
    if (text.find('#') != std::string_view::npos) return false;
    if (!text.starts_with(plain)) return model::is_https_url(text);
    const std::string_view rest = text.substr(plain.size());
    return is_loopback(host_of(rest)) && model::is_https_url("https://" + std::string(rest));
}

std::string form_of(const std::vector<std::pair<std::string_view, std::string>>& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        if (!text.empty()) text += '&';
        text += percent_encoded(name) + "=" + percent_encoded(value);
    }
    return text;
}

}  // namespace banter::service
