// /api/me/tokens: what the caller has given to programs.
#include "api/http/handlers.hpp"
#include "api/http/query.hpp"
#include "api/wire/account_answers.hpp"
#include "api/wire/bodies.hpp"

namespace banter::api::http {

Task<Answer> list_access_tokens(Exchange exchange) {
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    const auto tokens =
        co_await exchange.services.access_tokens.list(exchange.caller(), *std::move(page));
    if (!tokens) co_return tokens.error();
    co_return json(200, wire::access_tokens(*tokens));
}

Task<Answer> create_access_token(Exchange exchange) {
    auto body = wire::read_create_token(exchange.request.body);
    if (!body) co_return body.error();
    service::CreateAccessToken request{
        .name = std::move(body->name),
        .expires_at = body->expires_at,
    };
    service::AccessTokens& tokens = exchange.services.access_tokens;
    const auto made = co_await tokens.create(exchange.caller(), std::move(request));
    if (!made) co_return made.error();
    co_return json(201, wire::made_access_token(made->about, made->token));
}

Task<Answer> end_access_token(Exchange exchange) {
    const auto token = exchange.access_token();
    if (!token) co_return token.error();
    const auto refused = co_await exchange.services.access_tokens.end(exchange.caller(), *token);
    if (refused) co_return *refused;
    co_return net::http::Response::empty(204);
}

}  // namespace banter::api::http
