// /api/threads: make, list, find, change, join and leave, members, and how far one has read.
#include "api/http/handlers.hpp"
#include "api/http/query.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/bodies.hpp"

#include <limits>
#include <utility>
#include <vector>

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
        .members = std::move(body->members),
        .parent = body->parent,
    };
    const auto created =
        co_await exchange.services.threads.create(exchange.caller(), std::move(request));
    if (!created) co_return created.error();
    co_return json(created->made ? 201 : 200, wire::thread(created->view));
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

Task<Answer> change_thread(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    auto request = wire::read_change_thread(exchange.request.body, *thread);
    if (!request) co_return request.error();
    const auto changed =
        co_await exchange.services.threads.change(exchange.caller(), *std::move(request));
    if (!changed) co_return changed.error();
    co_return json(200, wire::thread(*changed));
}

Task<Answer> leave_thread(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    auto refused = co_await exchange.services.threads.leave(exchange.caller(), *thread);
    if (refused) co_return *std::move(refused);
    co_return net::http::Response::empty(204);
}

Task<Answer> list_members(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    const auto members =
        co_await exchange.services.threads.members(exchange.caller(), *thread, *std::move(page));
    if (!members) co_return members.error();
    std::vector<model::UserId> ids;
    for (const model::Member& member : members->items) ids.push_back(member.user);
    // Whoever may read the list may know who they are, guests too.
    const auto users = co_await exchange.services.users.find_within(
        exchange.caller(), std::move(ids), std::numeric_limits<std::size_t>::max()
    );
    co_return json(200, wire::members(*members, users));
}

Task<Answer> set_member(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    const auto user = exchange.member();
    if (!user) co_return user.error();
    const auto role = wire::read_member_body(exchange.request.body);
    if (!role) co_return role.error();
    const auto member =
        co_await exchange.services.threads.set_member(exchange.caller(), *thread, *user, *role);
    if (!member) co_return member.error();
    co_return json(200, wire::member(*member));
}

Task<Answer> remove_member(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    const auto user = exchange.member();
    if (!user) co_return user.error();
    auto refused =
        co_await exchange.services.threads.remove_member(exchange.caller(), *thread, *user);
    if (refused) co_return *std::move(refused);
    co_return net::http::Response::empty(204);
}

Task<Answer> set_preferences(Exchange exchange) {
    const auto thread = exchange.thread();
    if (!thread) co_return thread.error();
    const auto body = wire::read_preferences(exchange.request.body);
    if (!body) co_return body.error();
    const service::SetPreferences request{*thread, body->level, body->muted_until};
    const auto changed =
        co_await exchange.services.threads.set_preferences(exchange.caller(), request);
    if (!changed) co_return changed.error();
    co_return json(200, wire::thread(*changed));
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
