// /api/threads: make, list, find, join, and how far one has read.
#include "api/http/handlers.hpp"
#include "api/http/query.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/bodies.hpp"

namespace banter::api::http {

Task<Answer> list_threads(Exchange exchange) {
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    const auto threads =
        co_await exchange.services.threads.list(exchange.caller(), *std::move(page));
    if (!threads) co_return threads.error();
    co_return json(200, wire::threads(*threads));
}

Task<Answer> create_thread(Exchange exchange) {
    auto body = wire::read_create_thread(exchange.request.body);
    if (!body) co_return body.error();
    service::CreateThread request{
        .kind = body->kind,
        .visibility = body->visibility,
        .name = std::move(body->name),
    };
    const auto made =
        co_await exchange.services.threads.create(exchange.caller(), std::move(request));
    if (!made) co_return made.error();
    co_return json(201, wire::thread(*made));
}

Task<Answer> discover_threads(Exchange exchange) {
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    std::string query(exchange.request.query_value("q").value_or(""));
    const auto threads = co_await exchange.services.threads.discover(
        exchange.caller(), std::move(query), *std::move(page)
    );
    if (!threads) co_return threads.error();
    co_return json(200, wire::threads(*threads));
}

Task<Answer> find_thread(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    const auto found = co_await exchange.services.threads.find(exchange.caller(), *thread);
    if (!found) co_return found.error();
    co_return json(200, wire::thread(*found));
}

Task<Answer> join_thread(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    const auto joined = co_await exchange.services.threads.join(exchange.caller(), *thread);
    if (!joined) co_return joined.error();
    co_return json(200, wire::thread(*joined));
}

Task<Answer> set_read(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    const auto seq = wire::read_seq_body(exchange.request.body);
    if (!seq) co_return seq.error();
    const auto state = co_await exchange.services.read_marks.set(exchange.caller(), *thread, *seq);
    if (!state) co_return state.error();
    co_return json(200, wire::read_state(*state));
}

}  // namespace banter::api::http
