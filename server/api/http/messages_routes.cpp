// /api/threads/{threadId}/messages and /api/messages: history, sending, and one message with its
// reactions.
#include "api/http/handlers.hpp"
#include "api/http/history_window.hpp"
#include "api/http/query.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/bodies.hpp"
#include "api/wire/messages.hpp"

namespace banter::api::http {

namespace {

Answer answer_with(
    const service::Services& services,
    int status,
    const Result<model::Message>& message
) {
    if (!message) return message.error();
    return json(status, wire::message(*message, services.file_links));
}

struct ReactionPath {
    model::MessageId message;
    std::string emoji;
};

Result<ReactionPath> reaction_path(const Exchange& exchange) {
    const auto message = exchange.message();
    if (!message) return message.error();
    const std::string& emoji = exchange.parameters.at(1);
    if (auto refused = wire::refused_emoji(emoji)) return *std::move(refused);
    return ReactionPath{*message, emoji};
}

Task<Answer> react(Exchange exchange, bool add) {
    auto path = reaction_path(exchange);
    if (!path) co_return path.error();
    const auto changed = co_await exchange.services.messages.react(
        exchange.caller(), path->message, std::move(path->emoji), add
    );
    co_return answer_with(exchange.services, 200, changed);
}

}  // namespace

Task<Answer> history(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    const auto place = read_place(exchange.request);
    if (!place) co_return place.error();
    const auto limit = query_limit(exchange.request);
    if (!limit) co_return limit.error();
    const auto page =
        co_await exchange.services.messages.history(exchange.caller(), *thread, *place, *limit);
    if (!page) co_return page.error();
    co_return json(
        200, wire::messages(*page, next_cursor(*place, *page), exchange.services.file_links)
    );
}

Task<Answer> send_message(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    auto request = wire::read_send_body(exchange.request.body, *thread);
    if (!request) co_return request.error();
    const auto sent =
        co_await exchange.services.messages.send(exchange.caller(), *std::move(request));
    co_return answer_with(exchange.services, 201, sent);
}

Task<Answer> find_message(Exchange exchange) {
    const auto message = exchange.message();
    if (!message) co_return message.error();
    const auto found = co_await exchange.services.messages.find(exchange.caller(), *message);
    co_return answer_with(exchange.services, 200, found);
}

Task<Answer> edit_message(Exchange exchange) {
    const auto message = exchange.message();
    if (!message) co_return message.error();
    auto request = wire::read_edit_body(exchange.request.body, *message);
    if (!request) co_return request.error();
    const auto edited =
        co_await exchange.services.messages.edit(exchange.caller(), *std::move(request));
    co_return answer_with(exchange.services, 200, edited);
}

Task<Answer> delete_message(Exchange exchange) {
    const auto message = exchange.message();
    if (!message) co_return message.error();
    const auto removed = co_await exchange.services.messages.remove(exchange.caller(), *message);
    co_return answer_with(exchange.services, 200, removed);
}

Task<Answer> add_reaction(Exchange exchange) { return react(std::move(exchange), true); }

Task<Answer> remove_reaction(Exchange exchange) { return react(std::move(exchange), false); }

Task<Answer> find_reaction(Exchange exchange) {
    auto path = reaction_path(exchange);
    if (!path) co_return path.error();
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    const auto reacted = co_await exchange.services.messages.reactions(
        exchange.caller(), path->message, std::move(path->emoji), *std::move(page)
    );
    if (!reacted) co_return reacted.error();
    co_return json(200, wire::reacted(*reacted));
}

}  // namespace banter::api::http
