#include "storage/redis/sentinels.hpp"

#include <boost/asio/redirect_error.hpp>

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace banter::redis {

namespace {

/// So often they are asked whether it is still that one.
constexpr std::chrono::seconds watch_time{2};

std::optional<Place> parse_place(const Reply& answer) {
    if (answer.items.size() != 2) return std::nullopt;
    const std::string& port = answer.items[1].text;
    Place place{.host = answer.items[0].text};
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), place.port);
    const bool whole = failure == std::errc() && end == port.data() + port.size();
    return whole ? std::optional(std::move(place)) : std::nullopt;
}

}  // namespace

Task<Place> Sentinels::primary() {
    const auto& places = parts_.options.places;
    std::exception_ptr why;
    for (std::size_t tried = 0; tried < places.size(); ++tried, ++first_) {
        try {
            co_return co_await ask(places[first_ % places.size()]);
        } catch (const RedisLost&) {
            if (!why) why = std::current_exception();
        } catch (const RedisRefused&) {
            // That one answers: its reason is the better one.
            why = std::current_exception();
        }
    }
    std::rethrow_exception(why);
}

Task<Place> Sentinels::ask(Place sentinel) {
    RedisOptions as_sentinel = parts_.options;
    as_sentinel.database = 0;
    const Connection::Parts parts{as_sentinel, parts_.resolving, parts_.times};
    Connection connection(loop_, parts);
    co_await connection.open_sentinel(sentinel);
    std::string command;
    append_command(command, {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", parts_.options.sentinel});
    const std::vector<Reply> replies = co_await connection.exchange(std::move(command), 1);
    const std::string name = fmt::format("the sentinel at {}:{}", sentinel.host, sentinel.port);
    if (replies[0].failed()) throw RedisRefused(name + " does not tell", replies[0]);
    auto place = parse_place(replies[0]);
    if (!place) {
        throw RedisLost(fmt::format("{} knows no \"{}\"", name, parts_.options.sentinel));
    }
    co_return *std::move(place);
}

Task<> Sentinels::require_primary(Connection& connection) {
    std::string command;
    append_command(command, {"ROLE"});
    const std::vector<Reply> replies = co_await connection.exchange(std::move(command), 1);
    const Reply& role = replies[0];
    if (role.failed()) throw RedisRefused(connection.name() + " does not tell its role", role);
    if (role.items.empty() || role.items[0].text != "master") {
        throw RedisLost(connection.name() + ", which the sentinels name, is no primary yet");
    }
}

Task<> Sentinels::watch(Connection& connection, Place place) {
    for (;;) {
        Timer timer(loop_, watch_time);
        co_await timer.async_wait(use_task);
        bool moved = false;
        try {
            const Place now = co_await primary();
            moved = now != place;
        } catch (const RedisLost&) {
            // Without them it stays as it is.
        } catch (const RedisRefused&) {}
        if (moved) connection.close("the sentinels name another one");
    }
}

}  // namespace banter::redis
