// /api/me/sessions: where the caller is signed in.
#include "api/http/handlers.hpp"
#include "api/http/query.hpp"
#include "api/wire/account_answers.hpp"

namespace banter::api::http {

Task<Answer> list_sessions(Exchange exchange) {
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    const auto sign_ins =
        co_await exchange.services.sign_ins.list(exchange.caller(), *std::move(page));
    if (!sign_ins) co_return sign_ins.error();
    co_return json(200, wire::sign_ins(*sign_ins, exchange.caller().sign_in));
}

Task<Answer> end_session(Exchange exchange) {
    const auto sign_in = exchange.sign_in();
    if (!sign_in) co_return sign_in.error();
    const auto refused = co_await exchange.services.sign_ins.end(exchange.caller(), *sign_in);
    if (refused) co_return *refused;
    co_return net::http::Response::empty(204);
}

}  // namespace banter::api::http
