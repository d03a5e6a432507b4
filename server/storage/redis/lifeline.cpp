#include "storage/redis/lifeline.hpp"

#include "base/log.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace banter::redis {

Lifeline::Lifeline(Executor loop, const Parts& parts, Course course, Use use)
    : loop_(loop),
      parts_(parts),
      course_(std::move(course)),
      use_(std::move(use)),
      pause_(loop),
      next_pause_(parts.pauses.least),
      sentinels_(loop, {parts.options, parts.resolving, parts.times}),
      running_(loop) {}

void Lifeline::start() { running_.spawn("redis", run()); }

Task<> Lifeline::stop() {
    stopping_ = true;
    running_.cancel();
    co_await running_.wait();
}

Task<> Lifeline::run() {
    while (!stopping_) {
        std::string why;
        try {
            co_await use_one();
        } catch (const RedisLost& lost) {
            why = lost.what();
        } catch (const RedisRefused& refused) {
            why = refused.what();
        } catch (const StorageFailure& failure) {
            // Too many names are being resolved.
            why = failure.what();
        }
        up_ = false;
        if (stopping_) break;
        note_loss(why);
        if (course_.lost) course_.lost();
        co_await pause();
    }
}

Task<> Lifeline::use_one() {
    const Connection::Parts parts{parts_.options, parts_.resolving, parts_.times};
    Connection connection(loop_, parts);
    const Place place = co_await find();
    co_await connection.open(place);
    const bool is_named = is_named_by_sentinels();
    if (is_named) co_await Sentinels::require_primary(connection);
    up_ = true;
    next_pause_ = parts_.pauses.least;
    if (!std::exchange(noted_, {}).empty()) log::info("redis is back", {{"for", course_.purpose}});
    if (is_named)
        co_await use_watched(connection, place);
    else
        co_await use_(connection);
}

bool Lifeline::is_named_by_sentinels() const {
    return !course_.place && !parts_.options.sentinel.empty();
}

Task<Place> Lifeline::find() {
    if (course_.place) co_return *course_.place;
    if (is_named_by_sentinels()) co_return co_await sentinels_.primary();
    const auto& places = parts_.options.places;
    co_return places[next_place_++ % places.size()];
}

Task<> Lifeline::use_watched(Connection& connection, Place place) {
    TaskGroup watching(loop_);
    watching.spawn("redis sentinels", sentinels_.watch(connection, std::move(place)));
    std::exception_ptr end;
    try {
        co_await use_(connection);
    } catch (...) {
        end = std::current_exception();
    }
    watching.cancel();
    // Also who was told to stop has to wait for what looks at the connection.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await watching.wait();
    co_await asio::this_coro::throw_if_cancelled(true);
    if (end) std::rethrow_exception(end);
}

Task<> Lifeline::pause() {
    boost::system::error_code woken;
    pause_.expires_after(next_pause_);
    next_pause_ = std::min(2 * next_pause_, parts_.pauses.most);
    co_await pause_.async_wait(asio::redirect_error(use_task, woken));
}

void Lifeline::note_loss(const std::string& why) {
    if (std::exchange(noted_, why) == why) return;
    log::warning("redis is away", {{"for", course_.purpose}, {"why", why}});
}

}  // namespace banter::redis
