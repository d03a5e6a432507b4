// /api/bots: users of programs, and their tokens.
#include "api/http/handlers.hpp"
#include "api/http/query.hpp"
#include "api/wire/account_answers.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/bodies.hpp"

namespace banter::api::http {

Task<Answer> list_bots(Exchange exchange) {
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    const auto bots = co_await exchange.services.bots.list(exchange.caller(), *std::move(page));
    if (!bots) co_return bots.error();
    co_return json(200, wire::accounts(*bots));
}

Task<Answer> create_bot(Exchange exchange) {
    auto body = wire::read_create_bot(exchange.request.body);
    if (!body) co_return body.error();
    service::CreateBot request{
        .handle = std::move(body->handle),
        .display_name = std::move(body->display_name),
        .avatar_url = std::move(body->avatar_url),
        .role = body->role,
    };
    service::Bots& bots = exchange.services.bots;
    const auto made = co_await bots.create(exchange.caller(), std::move(request));
    if (!made) co_return made.error();
    co_return json(201, wire::account(*made));
}

Task<Answer> change_bot(Exchange exchange) {
    const auto bot = exchange.user();
    if (!bot) co_return bot.error();
    auto change = wire::read_profile_change(exchange.request.body);
    if (!change) co_return change.error();
    service::Bots& bots = exchange.services.bots;
    const auto changed = co_await bots.change_profile(exchange.caller(), *bot, *std::move(change));
    if (!changed) co_return changed.error();
    co_return json(200, wire::account(*changed));
}

Task<Answer> list_bot_tokens(Exchange exchange) {
    const auto bot = exchange.user();
    if (!bot) co_return bot.error();
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    service::Bots& bots = exchange.services.bots;
    const auto tokens = co_await bots.list_tokens(exchange.caller(), *bot, *std::move(page));
    if (!tokens) co_return tokens.error();
    co_return json(200, wire::access_tokens(*tokens));
}

Task<Answer> create_bot_token(Exchange exchange) {
    const auto bot = exchange.user();
    if (!bot) co_return bot.error();
    auto body = wire::read_create_bot_token(exchange.request.body);
    if (!body) co_return body.error();
    service::CreateAccessToken request{
        .name = std::move(body->name),
        .expires_at = body->expires_at,
        .scopes = body->scopes,
    };
    service::Bots& bots = exchange.services.bots;
    const auto made = co_await bots.create_token(exchange.caller(), *bot, std::move(request));
    if (!made) co_return made.error();
    co_return json(201, wire::made_access_token(made->about, made->token));
}

Task<Answer> end_bot_token(Exchange exchange) {
    const auto bot = exchange.user();
    if (!bot) co_return bot.error();
    const auto token = exchange.bot_token();
    if (!token) co_return token.error();
    service::Bots& bots = exchange.services.bots;
    const auto refused = co_await bots.end_token(exchange.caller(), *bot, *token);
    if (refused) co_return *refused;
    co_return net::http::Response::empty(204);
}

}  // namespace banter::api::http
