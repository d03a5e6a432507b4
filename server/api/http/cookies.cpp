#include "api/http/cookies.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <chrono>

namespace banter::api::http {

std::optional<std::string> find_cookie(const net::http::Request& request, std::string_view name) {
    std::optional<std::string> found;
    for (std::string_view line : request.headers.find_all("Cookie")) {
        while (!line.empty()) {
            const std::size_t end = std::min(line.find(';'), line.size());
            const std::string_view pair = trimmed(line.substr(0, end));
            line.remove_prefix(std::min(end + 1, line.size()));
            const std::size_t equals = pair.find('=');
            if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
            if (found) return std::nullopt;
            found.emplace(pair.substr(equals + 1));
        }
    }
    return found;
}

std::string RefreshCookie::attributes(std::string_view value, std::int64_t seconds) const {
    std::string text(name());
    text += '=';
    text += value;
    text += "; Path=/; Max-Age=" + std::to_string(seconds) + "; HttpOnly; SameSite=Strict";
    if (https_) text += "; Secure";
    return text;
}

std::string RefreshCookie::set(std::string_view secret, Timestamp expires_at, Timestamp now) const {
    const auto left = std::chrono::floor<std::chrono::seconds>(expires_at - now);
    return attributes(secret, left.count());
}

std::string RefreshCookie::clear() const { return attributes("", 0); }

}  // namespace banter::api::http
