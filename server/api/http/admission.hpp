// The checks of a request that need no service: its target, its body's form, and routes without a
// token. Pure.
#pragma once

#include "api/http/exchange.hpp"
#include "api/http/routes.hpp"

#include <optional>
#include <string_view>

namespace banter::api::http {

/// Paths and queries are text, and a query has only parameters that the route knows.
[[nodiscard]] std::optional<Error> trouble_in_target(
    const net::http::Request& request,
    const Route& route
);

/// unsupported_media for a JSON body that doesn't say so, or is encoded; for Body::none anything
/// but `{}`.
[[nodiscard]] std::optional<Error> trouble_in_body(const net::http::Request& request, Body body);

/// For every Access but signed_in.
[[nodiscard]] std::optional<Error> refused_without_token(Access access, const Exchange& exchange);

/// forbidden for a token that is limited to other scopes.
[[nodiscard]] std::optional<Error> refused_by_scope(
    const Route& route,
    const service::Caller& caller
);

/// Whether the peer is this machine and speaks for itself, not for someone behind it.
[[nodiscard]] bool is_local(const net::http::Request& request);

}  // namespace banter::api::http
