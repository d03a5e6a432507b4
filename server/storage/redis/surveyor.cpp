#include "storage/redis/surveyor.hpp"

#include "base/log.hpp"
#include "base/result.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <string_view>
#include <utility>

namespace banter::redis {

namespace {

/// A cluster is looked at so often though nothing seems to have changed.
constexpr std::chrono::seconds calm_time{10};

/// Of the lines NAME:VALUE that CLUSTER INFO gives.
std::string_view field(std::string_view info, std::string_view name) {
    const std::size_t at = info.find(name);
    if (at == std::string_view::npos) return {};
    info.remove_prefix(at + name.size());
    return info.substr(0, info.find('\r'));
}

/// One alone says so; some that are rented out know no such command.
bool has_no_cluster(const Reply& reply) {
    const auto says = [&reply](std::string_view text) {
        return reply.failed() && reply.text.find(text) != std::string::npos;
    };
    return says("cluster support disabled") || says("unknown command");
}

}  // namespace

Task<Survey> survey(Connection& connection, Place place) {
    std::string commands;
    append_command(commands, {"CLUSTER", "INFO"});
    append_command(commands, {"CLUSTER", "SLOTS"});
    const std::vector<Reply> replies = co_await connection.exchange(std::move(commands), 2);
    Survey found;
    if (has_no_cluster(replies[0])) co_return found;
    for (const Reply& reply : replies) {
        if (reply.failed())
            throw RedisRefused(connection.name() + " does not tell of its cluster", reply);
    }
    const std::string& info = replies[0].text;
    found.is_whole = field(info, "cluster_state:") == "ok";
    const std::string_view epoch = field(info, "cluster_current_epoch:");
    std::from_chars(epoch.data(), epoch.data() + epoch.size(), found.epoch);
    found.map = SlotMap::parse(replies[1], place);
    if (!found.map) throw RedisLost(connection.name() + " tells nothing sensible of its cluster");
    co_return found;
}

Surveyor::Surveyor(Executor loop, const Lifeline::Parts& parts, std::string purpose, Found found)
    : loop_(loop),
      parts_(parts),
      purpose_(std::move(purpose)),
      found_(std::move(found)),
      next_pause_(parts.pauses.least),
      wake_(loop),
      running_(loop) {}

Task<> Surveyor::stop() {
    running_.cancel();
    co_await running_.wait();
}

void Surveyor::look_again() {
    if (!std::exchange(wanted_, true)) wake_.cancel();
}

Task<> Surveyor::run() {
    if (!parts_.options.sentinel.empty()) {
        found_(Survey{});
        co_return;
    }
    for (bool more = true; more;) {
        more = co_await look();
        if (more) co_await wait();
    }
}

/// Returns whether there is more to be found out.
Task<bool> Surveyor::look() {
    wanted_ = false;
    std::string why;
    try {
        const Survey found = co_await ask_all();
        if (!std::exchange(noted_, {}).empty()) log::info("redis is back", {{"for", purpose_}});
        if (found.map) {
            known_ = found.map->nodes();
            epoch_ = found.epoch;
            // One that isn't whole will change.
            if (!found.is_whole) wanted_ = true;
        }
        const bool more = found.map.has_value();
        found_(found);
        co_return more;
    } catch (const RedisLost& lost) {
        why = lost.what();
    } catch (const RedisRefused& refused) {
        why = refused.what();
    } catch (const StorageFailure& failure) {
        // Too many names are being resolved.
        why = failure.what();
    }
    wanted_ = true;
    if (std::exchange(noted_, why) != why) {
        log::warning("redis is away", {{"for", purpose_}, {"why", why}});
    }
    co_return true;
}

/// The first who knows all that was known before, and sees the cluster whole; else who comes
/// closest. Of two halves that were parted, one knows old things alone.
Task<Survey> Surveyor::ask_all() {
    const std::vector<Place> all = places();
    const std::size_t first = count_++;
    std::optional<Survey> best;
    std::exception_ptr why;
    for (std::size_t tried = 0; tried < all.size(); ++tried) {
        try {
            Survey found = co_await ask(all[(first + tried) % all.size()]);
            if (!found.map || (found.is_whole && found.epoch >= epoch_)) co_return found;
            const auto rank = [](const Survey& one) { return std::pair(one.is_whole, one.epoch); };
            if (!best || rank(*best) < rank(found)) best = std::move(found);
        } catch (const RedisLost&) {
            if (!why) why = std::current_exception();
        } catch (const RedisRefused&) {
            why = std::current_exception();
        }
    }
    if (!best) std::rethrow_exception(why);
    co_return *std::move(best);
}

Task<Survey> Surveyor::ask(Place place) {
    const Connection::Parts parts{parts_.options, parts_.resolving, parts_.times};
    Connection connection(loop_, parts);
    co_await connection.open(place);
    co_return co_await survey(connection, place);
}

/// Until somebody wants another survey, but not less than a pause.
Task<> Surveyor::wait() {
    boost::system::error_code woken;
    Timer pause(loop_, next_pause_);
    co_await pause.async_wait(use_task);
    if (wanted_) {
        next_pause_ = std::min(2 * next_pause_, parts_.pauses.most);
        co_return;
    }
    next_pause_ = parts_.pauses.least;
    wake_.expires_after(calm_time);
    co_await wake_.async_wait(asio::redirect_error(use_task, woken));
}

/// Those that were found, then those of the options, each once.
std::vector<Place> Surveyor::places() const {
    std::vector<Place> all = known_;
    for (const Place& place : parts_.options.places) {
        if (std::find(all.begin(), all.end(), place) == all.end()) all.push_back(place);
    }
    return all;
}

}  // namespace banter::redis
