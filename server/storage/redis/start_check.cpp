#include "storage/redis/start_check.hpp"

#include "base/result.hpp"
#include "storage/redis/sentinels.hpp"
#include "storage/redis/surveyor.hpp"

#include <boost/asio/co_spawn.hpp>

#include <fmt/format.h>

#include <charconv>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banter::redis {

namespace {

constexpr int oldest_version = 7;

constexpr Times times{std::chrono::seconds(5), std::chrono::seconds(5)};

/// Of a failure that Redis named: the words that it begins with, or holds, and what to do.
struct Advice {
    std::string_view sign;
    std::string_view change;
};

constexpr Advice advices[] = {
    {"WRONGPASS", "the URL needs another user or password"},
    {"NOAUTH", "the URL needs its user and password, as in redis://USER:PASSWORD@HOST"},
    {"without any password configured", "it has none: the URL must have none either"},
    {"SELECT is not allowed in cluster mode", "a cluster has no databases: leave the /NUMBER out"},
    {"DB index is out of range", "the URL needs another /NUMBER"},
    {"cluster|", "its user needs +cluster|info and +cluster|slots"},
    {"'ping'", "its user needs +ping"},
    {"LOADING", "it is still reading its data: start Banter again when it is ready"},
    {"MASTERDOWN", "it is a replica without a primary: the URL needs a primary"},
};

std::string with_advice(const RedisRefused& refused) {
    const std::string& text = refused.reply().text;
    for (const auto& [sign, change] : advices) {
        if (text.find(sign) != std::string::npos)
            return fmt::format("{}: {}", refused.what(), change);
    }
    return refused.what();
}

std::string with_advice(const RedisLost& lost) {
    const std::string_view text = lost.what();
    const bool encrypted = text.find("encryption") != std::string_view::npos;
    return fmt::format(
        "{}: {}",
        text,
        encrypted
            ? "ca=FILE in the URL has to say whom to trust, or the URL to begin with redis:// "
              "if it speaks no TLS"
            : "it has to run, and the URL to lead there, with rediss:// if it speaks TLS"
    );
}

class StartCheck {
public:
    StartCheck(Executor loop, const Connection::Parts& parts, std::string_view channel)
        : loop_(loop), parts_(parts), channel_(channel) {}

    [[nodiscard]] Task<> run() {
        const Place place = co_await find();
        Connection connection(loop_, parts_);
        co_await connection.open(place);
        co_await require_version(connection, place);
        if (!parts_.options.sentinel.empty()) co_await Sentinels::require_primary(connection);
        const Survey found = co_await survey(connection, place);
        if (!found.map) {
            co_await require_rights(connection, place, false);
        } else {
            require_whole(found, place);
            for (const Place& primary : found.map->primaries()) co_await try_primary(primary);
        }
    }

private:
    /// The first that answers, or the one that sentinels name.
    [[nodiscard]] Task<Place> find() {
        if (!parts_.options.sentinel.empty()) {
            Sentinels sentinels(loop_, parts_);
            co_return co_await sentinels.primary();
        }
        std::exception_ptr why;
        for (const Place& place : parts_.options.places) {
            try {
                Connection connection(loop_, parts_);
                co_await connection.open(place);
                co_return place;
            } catch (const RedisLost&) {
                if (!why) why = std::current_exception();
            }
        }
        std::rethrow_exception(why);
    }

    /// HELLO is what every user may ask.
    [[nodiscard]] Task<> require_version(Connection& connection, Place place) {
        std::string command;
        append_command(command, {"HELLO"});
        const std::vector<Reply> replies = co_await connection.exchange(std::move(command), 1);
        const std::vector<Reply>& fields = replies[0].items;
        std::string version = "unknown";
        for (std::size_t at = 0; at + 1 < fields.size(); at += 2) {
            if (fields[at].text == "version") version = fields[at + 1].text;
            if (fields[at].text == "mode" && fields[at + 1].text == "sentinel") {
                throw std::runtime_error(fmt::format(
                    "{} is a sentinel: the URL needs ?sentinel=NAME, with the name that it knows "
                    "the servers by",
                    name_of(place)
                ));
            }
        }
        int major = 0;
        std::from_chars(version.data(), version.data() + version.size(), major);
        if (major < oldest_version) {
            throw std::runtime_error(
                fmt::format("{} is version {}: Banter needs 7 or newer", name_of(place), version)
            );
        }
    }

    void require_whole(const Survey& found, const Place& place) const {
        if (found.is_whole && !found.map->primaries().empty()) return;
        throw std::runtime_error(fmt::format(
            "the cluster of {} is down: its CLUSTER INFO has to say cluster_state:ok",
            name_of(place)
        ));
    }

    [[nodiscard]] Task<> try_primary(Place place) {
        Connection connection(loop_, parts_);
        co_await connection.open(place);
        co_await require_rights(connection, place, true);
    }

    /// Tries all that will be done. Where in a cluster the channel is, doesn't matter here.
    [[nodiscard]] Task<> require_rights(Connection& connection, Place place, bool in_cluster) {
        std::string commands;
        append_command(commands, {in_cluster ? "SPUBLISH" : "PUBLISH", channel_, ""});
        append_command(commands, {in_cluster ? "SSUBSCRIBE" : "SUBSCRIBE", channel_});
        append_command(commands, {in_cluster ? "SUNSUBSCRIBE" : "UNSUBSCRIBE", channel_});
        const std::vector<Reply> replies = co_await connection.exchange(std::move(commands), 3);
        for (const Reply& reply : replies) {
            if (!reply.failed() || reply.is_elsewhere()) continue;
            throw std::runtime_error(fmt::format(
                "{} does not let us publish and subscribe ({}): its user needs {}",
                name_of(place),
                reply.text,
                in_cluster ? "+spublish +ssubscribe +sunsubscribe +ping +cluster|info "
                             "+cluster|slots &banter:*"
                           : "+publish +subscribe +unsubscribe +ping +cluster|info +cluster|slots "
                             "&banter:*"
            ));
        }
    }

    Executor loop_;
    Connection::Parts parts_;
    std::string_view channel_;
};

}  // namespace

void require_suitable(const RedisOptions& options, std::string_view channel) {
    asio::io_context loop{1};
    Offload resolving{1, 1};
    const Connection::Parts parts{options, resolving, times};
    StartCheck check(loop.get_executor(), parts, channel);
    std::exception_ptr failure;
    auto ended = [&failure](std::exception_ptr thrown) { failure = std::move(thrown); };
    asio::co_spawn(loop, check.run(), ended);
    loop.run();
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (const RedisRefused& refused) {
        throw std::runtime_error(with_advice(refused));
    } catch (const RedisLost& lost) {
        throw std::runtime_error(with_advice(lost));
    }
}

}  // namespace banter::redis
