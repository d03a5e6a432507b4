// What a request brings to prove who asks, and whether a web page may have made it. Pure.
#pragma once

#include "api/http/origins.hpp"
#include "net/http/request.hpp"

#include <optional>
#include <string>

namespace banter::api::http {

/// GET and HEAD change nothing.
[[nodiscard]] bool is_safe(const net::http::Request& request);

/// `X-Requested-With: banter`: a page of another site can't send it without asking first.
[[nodiscard]] bool says_banter(const net::http::Request& request);

/// Whether the request has an Origin that is neither own nor allowed, or several.
[[nodiscard]] bool has_foreign_origin(const net::http::Request& request, const Origins& origins);

/// The token of `Authorization: Bearer`; nothing if that header is absent, of another scheme or
/// there twice.
[[nodiscard]] std::optional<std::string> bearer_token(const net::http::Request& request);

/// The token of a request to the API: from the Authorization header; without that header from the
/// `__session` cookie, which counts only with an accepted Origin (or `Sec-Fetch-Site: same-origin`
/// without any Origin), and for what changes something with X-Requested-With.
[[nodiscard]] std::optional<std::string> presented_token(
    const net::http::Request& request,
    const Origins& origins
);

}  // namespace banter::api::http
