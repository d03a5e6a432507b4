// /api/config, /api/auth/…, the public keys: how to sign in, and signing in with a local account.
#include "api/http/cookies.hpp"
#include "api/http/handlers.hpp"
#include "api/http/signing_in.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/bodies.hpp"

namespace banter::api::http {

using net::http::Response;

namespace {

Response granted(int status, const Exchange& exchange, const service::Granted& grant) {
    Response response =
        json(status, wire::granted(grant.user, grant.token, grant.token_expires_at));
    keep_signed_in(response, exchange, grant);
    return response;
}

service::RegisterAccount account_of(wire::RegisterBody body) {
    return {
        .handle = std::move(body.handle),
        .display_name = std::move(body.display_name),
        .password = std::move(body.password),
        .invite = std::move(body.invite)};
}

std::string refresh_secret(const Exchange& exchange) {
    return find_cookie(exchange.request, refresh_cookie(exchange).name()).value_or("");
}

std::vector<wire::IssuerFacts> issuers_of(const Exchange& exchange) {
    std::vector<wire::IssuerFacts> issuers;
    for (const std::string_view name : exchange.services.oidc.names())
        issuers.push_back({name, oidc_url(exchange, name)});
    return issuers;
}

}  // namespace

Task<Answer> config(Exchange exchange) {
    const service::WayIn way = co_await exchange.services.registration.way_in();
    const wire::ConfigFacts facts{
        .name = way.workspace_name,
        .sign_up = wire_name(way.sign_up),
        .sends_per_second = exchange.site.sends_per_second,
        .requests_per_second = exchange.site.requests_per_second,
        .file_bytes_max = exchange.site.file_bytes_max,
        .setup = way.setup,
        .clerk_publishable_key = exchange.site.clerk_publishable_key,
        .issuers = issuers_of(exchange),
    };
    co_return json(200, wire::config(facts));
}

Task<Answer> register_account(Exchange exchange) {
    auto body = wire::read_register(exchange.request.body);
    if (!body) co_return body.error();
    service::RegisterAccount account = account_of(*std::move(body));
    const auto grant = co_await exchange.services.registration.register_account(
        std::move(account), device_of(exchange)
    );
    if (!grant) co_return grant.error();
    co_return granted(201, exchange, *grant);
}

Task<Answer> set_up(Exchange exchange) {
    auto body = wire::read_set_up(exchange.request.body);
    if (!body) co_return body.error();
    service::SetUpServer request{
        .code = std::move(body->code),
        .owner = account_of(std::move(body->owner)),
        .name = std::move(body->name),
        .sign_up = body->sign_up,
    };
    const auto grant =
        co_await exchange.services.registration.set_up(std::move(request), device_of(exchange));
    if (!grant) co_return grant.error();
    co_return granted(201, exchange, *grant);
}

Task<Answer> log_in(Exchange exchange) {
    auto body = wire::read_login(exchange.request.body);
    if (!body) co_return body.error();
    service::Login login{
        .handle = std::move(body->handle),
        .password = std::move(body->password),
        .device = device_of(exchange),
    };
    const auto grant = co_await exchange.services.accounts.log_in(std::move(login));
    if (!grant) co_return grant.error();
    co_return granted(200, exchange, *grant);
}

Task<Answer> refresh(Exchange exchange) {
    std::string secret = refresh_secret(exchange);
    const auto grant = co_await exchange.services.sign_ins.refresh(std::move(secret));
    if (!grant) co_return grant.error();
    co_return granted(200, exchange, *grant);
}

Task<Answer> log_out(Exchange exchange) {
    std::string secret = refresh_secret(exchange);
    co_await exchange.services.sign_ins.log_out(std::move(secret));
    Response response = Response::empty(204);
    response.headers.add("Set-Cookie", refresh_cookie(exchange).clear());
    co_return response;
}

Task<Answer> change_password(Exchange exchange) {
    auto body = wire::read_password_change(exchange.request.body);
    if (!body) co_return body.error();
    service::PasswordChange change{
        .old_password = std::move(body->old_password),
        .new_password = std::move(body->new_password),
    };
    service::Accounts& accounts = exchange.services.accounts;
    const auto grant = co_await accounts.change_password(
        exchange.caller(), std::move(change), device_of(exchange)
    );
    if (!grant) co_return grant.error();
    co_return granted(200, exchange, *grant);
}

Task<Answer> delete_me(Exchange exchange) {
    auto body = wire::read_delete_account(exchange.request.body);
    if (!body) co_return body.error();
    service::DeleteAccount request{body->erase, std::move(body->password)};
    service::Accounts& accounts = exchange.services.accounts;
    const auto refused = co_await accounts.delete_account(
        exchange.caller(), std::move(request), device_of(exchange)
    );
    if (refused) co_return *refused;
    Response response = Response::empty(204);
    response.headers.add("Set-Cookie", refresh_cookie(exchange).clear());
    co_return response;
}

Task<Answer> jwks(Exchange exchange) {
    const std::string& keys = exchange.services.local_issuer.jwks();
    Response response = Response::of(200, "application/jwk-set+json", keys);
    response.headers.set("Cache-Control", "public, max-age=300");
    co_return response;
}

}  // namespace banter::api::http
