#include "api/http/cookies.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <chrono>

namespace banter::api::http {

namespace {

std::string_view strict(bool https) {
    return https ? "; HttpOnly; SameSite=Strict; Secure" : "; HttpOnly; SameSite=Strict";
}

std::string_view lax(bool https) {
    return https ? "; HttpOnly; SameSite=Lax; Secure" : "; HttpOnly; SameSite=Lax";
}

std::int64_t seconds_left(Timestamp expires_at, Timestamp now) {
    return std::chrono::floor<std::chrono::seconds>(expires_at - now).count();
}

std::string cookie(
    std::string_view name,
    std::string_view value,
    std::int64_t seconds,
    std::string_view attributes
) {
    std::string text(name);
    text += '=';
    text += value;
    text += "; Path=/; Max-Age=" + std::to_string(seconds);
    return text.append(attributes);
}

}  // namespace

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

std::string RefreshCookie::set(std::string_view secret, Timestamp expires_at, Timestamp now) const {
    return cookie(name(), secret, seconds_left(expires_at, now), strict(https_));
}

std::string RefreshCookie::clear() const { return cookie(name(), "", 0, strict(https_)); }

std::string AttemptCookie::set(std::string_view attempt, Timestamp expires_at, Timestamp now)
    const {
    return cookie(name(), attempt, seconds_left(expires_at, now), lax(https_));
}

std::string AttemptCookie::clear() const { return cookie(name(), "", 0, lax(https_)); }

}  // namespace banter::api::http
