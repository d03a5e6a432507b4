// /api/invites: who may come in.
#include "api/http/handlers.hpp"
#include "api/http/query.hpp"
#include "api/wire/account_answers.hpp"
#include "api/wire/bodies.hpp"

namespace banter::api::http {

Task<Answer> list_invites(Exchange exchange) {
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    const auto invites =
        co_await exchange.services.invites.list(exchange.caller(), *std::move(page));
    if (!invites) co_return invites.error();
    co_return json(200, wire::invites(*invites));
}

Task<Answer> create_invite(Exchange exchange) {
    auto body = wire::read_create_invite(exchange.request.body);
    if (!body) co_return body.error();
    service::CreateInvite request{
        .role = body->role,
        .uses_max = body->uses_max,
        .expires_at = body->expires_at,
        .threads = std::move(body->threads),
    };
    service::Invites& invites = exchange.services.invites;
    const auto made = co_await invites.create(exchange.caller(), std::move(request));
    if (!made) co_return made.error();
    const std::string url = exchange.site.address + "/invite/" + made->code;
    co_return json(201, wire::made_invite(made->about, made->code, url));
}

Task<Answer> end_invite(Exchange exchange) {
    const auto invite = exchange.invite();
    if (!invite) co_return invite.error();
    const auto refused = co_await exchange.services.invites.end(exchange.caller(), *invite);
    if (refused) co_return *refused;
    co_return net::http::Response::empty(204);
}

}  // namespace banter::api::http
