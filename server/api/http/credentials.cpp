#include "api/http/credentials.hpp"

#include "api/http/cookies.hpp"

namespace banter::api::http {

namespace {

/// The only value of a header, or null.
const std::string* only(const net::http::Request& request, std::string_view name) {
    return request.headers.find_all(name).size() == 1 ? request.headers.find(name) : nullptr;
}

bool from_own_page(const net::http::Request& request, const Origins& origins) {
    if (request.headers.has("Origin")) return !has_foreign_origin(request, origins);
    const std::string* site = only(request, "Sec-Fetch-Site");
    return site != nullptr && *site == "same-origin";
}

}  // namespace

bool is_safe(const net::http::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

bool says_banter(const net::http::Request& request) {
    const std::string* value = only(request, "X-Requested-With");
    return value != nullptr && *value == "banter";
}

bool has_foreign_origin(const net::http::Request& request, const Origins& origins) {
    if (!request.headers.has("Origin")) return false;
    const std::string* origin = only(request, "Origin");
    return origin == nullptr || !origins.accepts(*origin, request.secure);
}

std::optional<std::string> bearer_token(const net::http::Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string* value = only(request, "Authorization");
    if (value == nullptr || value->size() <= scheme.size()) return std::nullopt;
    const std::string_view text = *value;
    if (!net::http::equals_ignoring_case(text.substr(0, scheme.size()), scheme))
        return std::nullopt;
    return std::string(text.substr(scheme.size()));
}

std::optional<std::string> presented_token(
    const net::http::Request& request,
    const Origins& origins
) {
    if (request.headers.has("Authorization")) return bearer_token(request);
    if (!from_own_page(request, origins)) return std::nullopt;
    if (!is_safe(request) && !says_banter(request)) return std::nullopt;
    return find_cookie(request, session_cookie);
}

}  // namespace banter::api::http
