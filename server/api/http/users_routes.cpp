// /api/boot, /api/me: who the caller is, and all that an app needs to paint.
#include "api/http/handlers.hpp"
#include "api/wire/answers.hpp"
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
    const wire::BootFacts facts{
        .user = user,
        .workspace = services.installation.workspace,
        .role = exchange.caller().role,
        .threads = *threads,
        .users = users,
        .epoch = services.installation.epoch,
        .server_time = exchange.clock.now(),
    };
    co_return json(200, wire::boot(facts));
}

Task<Answer> me(Exchange exchange) { co_return json(200, wire::user(exchange.signed_in->user)); }

}  // namespace banter::api::http
