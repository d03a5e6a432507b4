// What all ways to sign in have in common at the edge.
#pragma once

#include "api/http/cookies.hpp"
#include "api/http/exchange.hpp"
#include "net/http/response.hpp"
#include "service/sign_ins.hpp"

#include <string>
#include <string_view>

namespace banter::api::http {

[[nodiscard]] service::Device device_of(const Exchange& exchange);

[[nodiscard]] RefreshCookie refresh_cookie(const Exchange& exchange);

/// Adds the refresh cookie, unless the one that is there stays.
void keep_signed_in(
    net::http::Response& response,
    const Exchange& exchange,
    const service::Granted& grant
);

/// Where a browser goes to sign in at the issuer of this name.
[[nodiscard]] std::string oidc_url(const Exchange& exchange, std::string_view name);

}  // namespace banter::api::http
