#include "service/presences.hpp"

#include "model/limits.hpp"
#include "service/refusals.hpp"
#include "service/users.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace banter::service {

namespace {

namespace limits = model::limits;

}  // namespace

Task<Result<model::Presence>> Presences::set(Caller caller, model::Presence presence) {
    // Everybody who watches is told of each.
    const storage::Rate rate{
        .per_second = limits::presence_per_second, .burst = limits::presence_burst};
    const auto wait = co_await storage_.rates.take("presence:" + caller.user.text(), rate);
    if (wait) co_return rate_limited(*wait);
    co_await storage_.presence.choose(caller.user, presence);
    co_return presence;
}

Task<Result<std::vector<model::UserId>>> Presences::watchable(
    Caller caller,
    std::vector<model::UserId> users
) {
    const storage::Rate rate{.per_second = limits::watch_per_second, .burst = limits::watch_burst};
    const auto wait = co_await storage_.rates.take("watch:" + caller.user.text(), rate);
    if (wait) co_return rate_limited(*wait);
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    Users known(storage_, clock_);
    const auto found = co_await known.find_all(caller, std::move(users));
    std::vector<model::UserId> watchable;
    watchable.reserve(found.size());
    for (const model::User& user : found) watchable.push_back(user.id);
    co_return watchable;
}

}  // namespace banter::service
