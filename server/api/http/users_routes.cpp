// /api/boot, /api/me, /api/users: who the caller is, all that an app needs to paint, and who else
// there is.
#include "api/http/handlers.hpp"
#include "api/http/query.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/bodies.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <limits>

namespace banter::api::http {

namespace {

/// The caller, who made the threads, and whom direct threads are between, each once.
std::vector<model::UserId> people_of(
    const model::User& user,
    const std::vector<model::ThreadView>& threads
) {
    std::vector<model::UserId> ids{user.id};
    for (const model::ThreadView& view : threads) {
        ids.push_back(view.thread.created_by);
        ids.insert(ids.end(), view.thread.people.begin(), view.thread.people.end());
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

/// `?ids=`: at once, in no pages.
Task<Answer> users_by_ids(Exchange exchange) {
    if (exchange.request.query.size() > 1) {
        co_return Error{Errc::bad_request, "ids stands alone", {}};
    }
    auto ids = query_ids<model::UserId>(exchange.request, "ids", model::limits::user_ids_max);
    if (!ids) co_return ids.error();
    model::Page<model::User> page;
    page.items = co_await exchange.services.users.find_all(exchange.caller(), *std::move(ids));
    co_return json(200, wire::accounts(page));
}

}  // namespace

Task<Answer> boot(Exchange exchange) {
    const service::Services& services = exchange.services;
    const model::User& user = exchange.signed_in->user;
    model::PageRequest page;
    page.limit = model::limits::page_max;
    const auto threads = co_await services.threads.list(exchange.caller(), std::move(page));
    if (!threads) co_return threads.error();
    auto ids = people_of(user, threads->items);
    // Whoever has these threads may know who is in them, guests too.
    const auto users = co_await services.users.find_within(
        exchange.caller(), std::move(ids), std::numeric_limits<std::size_t>::max()
    );
    const model::Workspace workspace = exchange.signed_in->workspace();
    const wire::BootFacts facts{
        .user = user,
        .workspace = workspace,
        .role = exchange.caller().role,
        .threads = *threads,
        .users = users,
        .epoch = services.installation.epoch,
        .server_time = exchange.clock.now(),
    };
    co_return json(200, wire::boot(facts));
}

Task<Answer> me(Exchange exchange) { co_return json(200, wire::user(exchange.signed_in->user)); }

Task<Answer> change_me(Exchange exchange) {
    auto change = wire::read_profile_change(exchange.request.body);
    if (!change) co_return change.error();
    service::Users& users = exchange.services.users;
    const auto changed = co_await users.change_profile(exchange.caller(), *std::move(change));
    if (!changed) co_return changed.error();
    co_return json(200, wire::user(*changed));
}

Task<Answer> list_users(Exchange exchange) {
    const bool by_ids = exchange.request.query_value("ids").has_value();
    if (by_ids) co_return co_await users_by_ids(std::move(exchange));
    auto page = query_page(exchange.request);
    if (!page) co_return page.error();
    std::string query(exchange.request.query_value("q").value_or(""));
    const auto users = co_await exchange.services.users.search(
        exchange.caller(), std::move(query), *std::move(page)
    );
    if (!users) co_return users.error();
    co_return json(200, wire::accounts(*users));
}

Task<Answer> find_user(Exchange exchange) {
    const auto user = exchange.user();
    if (!user) co_return user.error();
    const auto found = co_await exchange.services.users.find(exchange.caller(), *user);
    if (!found) co_return found.error();
    co_return json(200, wire::account(*found));
}

Task<Answer> change_user(Exchange exchange) {
    const auto user = exchange.user();
    if (!user) co_return user.error();
    const auto change = wire::read_user_change(exchange.request.body);
    if (!change) co_return change.error();
    const auto changed = co_await exchange.services.users.change(exchange.caller(), *user, *change);
    if (!changed) co_return changed.error();
    co_return json(200, wire::account(*changed));
}

}  // namespace banter::api::http
