#include "storage/nodes/state_exchange.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace banter::nodes {

namespace {

/// In one piece of a list.
constexpr std::size_t piece = 1'000;

std::uint64_t thousandths(double value) {
    return static_cast<std::uint64_t>(std::llround(value * 1'000));
}

double from_thousandths(std::uint64_t value) { return static_cast<double>(value) / 1'000; }

Task<> wait_for(Timer& timer, std::chrono::milliseconds time) {
    timer.expires_after(time);
    boost::system::error_code woken;
    co_await timer.async_wait(asio::redirect_error(use_task, woken));
}

}  // namespace

StateExchange::StateExchange(const Parts& parts)
    : parts_(parts), next_list_(parts.loop), next_rates_(parts.loop), tasks_(parts.loop) {
    parts_.presence.set_own_teller([this](const model::UserPresence& own, bool chosen) {
        tell(PresenceNews{own, chosen});
    });
    parts_.bus.set_state_hearer([this](storage::NodeId from, std::string_view bytes) {
        hear(from, bytes);
    });
}

void StateExchange::start() {
    parts_.rates.note_taken();
    tasks_.spawn("telling who is here", tell_lists());
    tasks_.spawn("telling what was taken from rates", tell_rates());
}

Task<> StateExchange::stop() {
    stopping_ = true;
    next_list_.cancel();
    next_rates_.cancel();
    co_await tasks_.wait();
    tell(NodeNews{.begins = false});
}

void StateExchange::begin_anew() { tell(NodeNews{.begins = true}); }

void StateExchange::hear(storage::NodeId from, std::string_view bytes) {
    const auto state = decode_state(bytes);
    if (!state) return;
    heard_at_[from] = parts_.clock.steady();
    std::visit([&](const auto& news) { take(from, news); }, *state);
}

void StateExchange::take(storage::NodeId from, const PresenceNews& news) {
    parts_.presence.hear(from, news.user, news.chosen);
}

void StateExchange::take(storage::NodeId from, const PresenceList& list) {
    if (list.first) parts_.presence.begin_list(from);
    for (const model::UserPresence& user : list.users) parts_.presence.hear(from, user, false);
    if (list.last) parts_.presence.end_list(from);
}

void StateExchange::take(storage::NodeId from, const NodeNews& news) {
    if (news.begins) {
        asked_ = true;
        next_list_.cancel();
        return;
    }
    heard_at_.erase(from);
    parts_.presence.lose(from);
}

void StateExchange::take(storage::NodeId, const RateNews& news) {
    std::vector<memory::Taken> taken;
    for (const TokensTaken& each : news.taken) {
        const storage::Rate rate{from_thousandths(each.per_second), from_thousandths(each.burst)};
        taken.push_back({each.key, rate, each.count});
    }
    parts_.rates.spend(std::move(taken));
}

Task<> StateExchange::tell_lists() {
    begin_anew();
    while (!stopping_) {
        asked_ = false;
        co_await tell_list();
        lose_the_silent();
        if (!asked_ && !stopping_) co_await wait_for(next_list_, parts_.times.list_every);
    }
}

Task<> StateExchange::tell_list() {
    tell(PresenceList{.first = true});
    memory::LocalPresence::HereTeller teller = [this](const auto& users) { tell_here(users); };
    co_await parts_.presence.tell_here(std::move(teller));
    tell(PresenceList{.last = true});
}

/// On the home loop of these.
void StateExchange::tell_here(std::span<const model::UserPresence> users) {
    while (!users.empty()) {
        const auto some = users.first(std::min(piece, users.size()));
        PresenceList list;
        list.users.assign(some.begin(), some.end());
        tell(std::move(list));
        users = users.subspan(some.size());
    }
}

Task<> StateExchange::tell_rates() {
    while (!stopping_) {
        co_await wait_for(next_rates_, parts_.times.rates_every);
        const auto taken = co_await parts_.rates.collect();
        if (taken.empty()) continue;
        RateNews news;
        for (const memory::Taken& each : taken) {
            news.taken.push_back(
                {each.key,
                 each.count,
                 thousandths(each.rate.per_second),
                 thousandths(each.rate.burst)}
            );
        }
        tell(std::move(news));
    }
}

void StateExchange::lose_the_silent() {
    const SteadyTime now = parts_.clock.steady();
    boost::unordered::erase_if(heard_at_, [&](const auto& heard) {
        if (now - heard.second < parts_.times.silence_max) return false;
        parts_.presence.lose(heard.first);
        return true;
    });
}

}  // namespace banter::nodes
