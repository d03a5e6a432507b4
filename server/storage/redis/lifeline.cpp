#include "storage/redis/lifeline.hpp"

#include "base/log.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <utility>

namespace banter::redis {

Lifeline::Lifeline(Executor loop, const Parts& parts, std::string purpose, Use use)
    : loop_(loop),
      parts_(parts),
      purpose_(std::move(purpose)),
      use_(std::move(use)),
      pause_(loop),
      next_pause_(parts.pauses.least),
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
        co_await pause();
    }
}

Task<> Lifeline::use_one() {
    const Connection::Parts parts{parts_.options, parts_.resolving, parts_.times};
    Connection connection(loop_, parts);
    const Place place = parts_.options.places[place_++ % parts_.options.places.size()];
    co_await connection.open(place);
    up_ = true;
    next_pause_ = parts_.pauses.least;
    if (!std::exchange(noted_, {}).empty()) log::info("redis is back", {{"for", purpose_}});
    co_await use_(connection);
}

Task<> Lifeline::pause() {
    boost::system::error_code woken;
    pause_.expires_after(next_pause_);
    next_pause_ = std::min(2 * next_pause_, parts_.pauses.most);
    co_await pause_.async_wait(asio::redirect_error(use_task, woken));
}

void Lifeline::note_loss(const std::string& why) {
    if (std::exchange(noted_, why) == why) return;
    log::warning("redis is away", {{"for", purpose_}, {"why", why}});
}

}  // namespace banter::redis
