#include "api/http/signing_in.hpp"

namespace banter::api::http {

service::Device device_of(const Exchange& exchange) {
    const std::string* user_agent = exchange.request.headers.find("User-Agent");
    return {
        .user_agent = user_agent != nullptr ? *user_agent : std::string(),
        .address = exchange.request.peer_address};
}

RefreshCookie refresh_cookie(const Exchange& exchange) {
    return RefreshCookie(exchange.site.origins.https(exchange.request.secure));
}

void keep_signed_in(
    net::http::Response& response,
    const Exchange& exchange,
    const service::Granted& grant
) {
    if (grant.refresh_secret.empty()) return;
    const RefreshCookie cookie = refresh_cookie(exchange);
    const Timestamp now = exchange.clock.now();
    response.headers.add(
        "Set-Cookie", cookie.set(grant.refresh_secret, grant.refresh_expires_at, now)
    );
}

std::string oidc_url(const Exchange& exchange, std::string_view name) {
    return exchange.site.address + "/api/auth/oidc/" + std::string(name);
}

}  // namespace banter::api::http
