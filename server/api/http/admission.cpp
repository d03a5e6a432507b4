#include "api/http/admission.hpp"

#include "api/http/credentials.hpp"
#include "api/wire/bodies.hpp"
#include "base/same_secret.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace banter::api::http {

namespace {

bool is_json(std::string_view media_type) {
    const std::string_view name =
        media_type.substr(0, std::min(media_type.find(';'), media_type.size()));
    const std::size_t end = name.find_last_not_of(" \t");
    return net::http::equals_ignoring_case(name.substr(0, end + 1), "application/json");
}

bool is_operator(const Exchange& exchange) {
    const auto& expected = exchange.site.metrics_token;
    if (!expected) return is_local(exchange.request);
    const auto token = bearer_token(exchange.request);
    return is_local(exchange.request) || (token && same_secret(*token, *expected));
}

}  // namespace

std::optional<Error> trouble_in_target(const net::http::Request& request, const Route& route) {
    const auto& path = request.path;
    if (!std::all_of(path.begin(), path.end(), model::is_storable_text)) {
        return Error{Errc::bad_request, "the path is no valid text", {}};
    }
    return trouble_in_query(request, route.query);
}

std::optional<Error> trouble_in_body(const net::http::Request& request, Body body) {
    if (body == Body::none) {
        const auto nothing = wire::read_no_body(request.body);
        return nothing ? std::nullopt : std::optional(nothing.error());
    }
    if (body == Body::streamed) {
        if (!request.headers.has("Content-Encoding")) return std::nullopt;
        return Error{Errc::unsupported_media, "send the bytes as they are, not compressed", {}};
    }
    if (body == Body::optional_json && request.body.empty()) return std::nullopt;
    const auto types = request.headers.find_all("Content-Type");
    if (types.size() != 1 || !is_json(types.front()) || request.headers.has("Content-Encoding")) {
        return Error{Errc::unsupported_media, "the body has to be application/json", {}};
    }
    return std::nullopt;
}

std::optional<Error> refused_without_token(Access access, const Exchange& exchange) {
    switch (access) {
        case Access::anyone:
            // A page that has another name for this server (DNS rebinding) may not act here either.
            if (is_safe(exchange.request) ||
                !has_foreign_origin(exchange.request, exchange.site.origins)) {
                return std::nullopt;
            }
            return Error{Errc::forbidden, "this Origin is not allowed here", {}};
        case Access::own_page:
            if (says_banter(exchange.request) &&
                !has_foreign_origin(exchange.request, exchange.site.origins)) {
                return std::nullopt;
            }
            return Error{
                Errc::forbidden, "send X-Requested-With: banter, from a page that is allowed", {}};
        case Access::operators:
            if (is_operator(exchange)) return std::nullopt;
            return Error{Errc::forbidden, "for this machine, or with the token for metrics", {}};
        case Access::by_signature: return std::nullopt;
        case Access::signed_in: break;
    }
    check_failed("a route that needs no token", __FILE__, __LINE__);
}

std::optional<Error> refused_by_scope(const Route& route, const service::Caller& caller) {
    if (!caller.scopes) return std::nullopt;
    if (route.scope) return service::out_of_scope(caller, *route.scope);
    return Error{Errc::forbidden, "no bot may do this", {}};
}

bool is_local(const net::http::Request& request) {
    // Whoever came through a proxy or from a page of another origin is not on this machine.
    for (const std::string_view name :
         {"X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Real-IP",
          "Forwarded",
          "Via",
          "Origin"}) {
        if (request.headers.has(name)) return false;
    }
    const std::string_view address = request.peer_address;
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

}  // namespace banter::api::http
