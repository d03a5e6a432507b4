// /api/config, /api/auth/…, the public keys: how to sign in, and signing in with a local account.
#include "api/http/cookies.hpp"
#include "api/http/handlers.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/bodies.hpp"

namespace banter::api::http {

using net::http::Response;

namespace {

RefreshCookie cookie_of(const Exchange& exchange) {
    return RefreshCookie(exchange.site.origins.https());
}

Response granted(int status, const Exchange& exchange, const service::Granted& grant) {
    Response response =
        json(status, wire::granted(grant.user, grant.token, grant.token_expires_at));
    if (!grant.refresh_secret.empty()) {
        const RefreshCookie cookie = cookie_of(exchange);
        const Timestamp now = exchange.clock.now();
        response.headers.add(
            "Set-Cookie", cookie.set(grant.refresh_secret, grant.refresh_expires_at, now)
        );
    }
    return response;
}

std::string refresh_secret(const Exchange& exchange) {
    return find_cookie(exchange.request, cookie_of(exchange).name()).value_or("");
}

}  // namespace

Task<Answer> config(Exchange exchange) {
    const bool setup = co_await exchange.services.accounts.needs_setup();
    const wire::ConfigFacts facts{
        .name = exchange.services.installation.workspace.name,
        .sign_up = exchange.site.sign_up,
        .sends_per_second = exchange.site.sends_per_second,
        .requests_per_second = exchange.site.requests_per_second,
        .setup = setup,
    };
    co_return json(200, wire::config(facts));
}

Task<Answer> register_account(Exchange exchange) {
    auto body = wire::read_register(exchange.request.body);
    if (!body) co_return body.error();
    service::Registration registration{
        .handle = std::move(body->handle),
        .display_name = std::move(body->display_name),
        .password = std::move(body->password),
    };
    std::string address = exchange.request.peer_address;
    const auto grant = co_await exchange.services.accounts.register_account(
        std::move(registration), std::move(address)
    );
    if (!grant) co_return grant.error();
    co_return granted(201, exchange, *grant);
}

Task<Answer> log_in(Exchange exchange) {
    auto body = wire::read_login(exchange.request.body);
    if (!body) co_return body.error();
    service::Login login{
        .handle = std::move(body->handle),
        .password = std::move(body->password),
        .address = exchange.request.peer_address,
    };
    const auto grant = co_await exchange.services.accounts.log_in(std::move(login));
    if (!grant) co_return grant.error();
    co_return granted(200, exchange, *grant);
}

Task<Answer> refresh(Exchange exchange) {
    std::string secret = refresh_secret(exchange);
    const auto grant = co_await exchange.services.accounts.refresh(std::move(secret));
    if (!grant) co_return grant.error();
    co_return granted(200, exchange, *grant);
}

Task<Answer> log_out(Exchange exchange) {
    std::string secret = refresh_secret(exchange);
    co_await exchange.services.accounts.log_out(std::move(secret));
    Response response = Response::empty(204);
    response.headers.add("Set-Cookie", cookie_of(exchange).clear());
    co_return response;
}

Task<Answer> jwks(Exchange exchange) {
    const std::string& keys = exchange.services.local_issuer.jwks();
    Response response = Response::of(200, "application/jwk-set+json", keys);
    response.headers.set("Cache-Control", "public, max-age=300");
    co_return response;
}

}  // namespace banter::api::http
