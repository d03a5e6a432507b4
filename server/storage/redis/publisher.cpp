#include "storage/redis/publisher.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace banter::redis {

namespace {

using namespace asio::experimental::awaitable_operators;

/// More than that waits only if Redis is stuck.
constexpr std::size_t waiting_bytes_max = std::size_t{16} * 1024 * 1024;

/// A connection that nobody uses is asked so often whether it is still one.
constexpr std::chrono::seconds idle_time{5};

}  // namespace

Publisher::Publisher(Executor loop, const Lifeline::Parts& parts)
    : wake_(loop), line_(loop, parts, "publishing", [this](Connection& connection) {
          return serve(connection);
      }) {}

Task<> Publisher::stop() {
    co_await line_.stop();
    drop_what_waits();
}

void Publisher::publish(std::string_view channel, std::string_view bytes) {
    if (!is_up() || waiting_.size() + bytes.size() > waiting_bytes_max) {
        ++dropped_;
        return;
    }
    append_command(waiting_, {"PUBLISH", channel, bytes});
    if (count_++ == 0) wake_.cancel();
}

Task<> Publisher::serve(Connection& connection) {
    try {
        for (;;) {
            if (count_ == 0) co_await wait_for_work(connection);
            if (count_ == 0) {
                std::string ping;
                append_command(ping, {"PING"});
                static_cast<void>(co_await connection.exchange(std::move(ping), 1));
            } else {
                co_await send_what_waits(connection);
            }
        }
    } catch (...) {
        drop_what_waits();
        throw;
    }
}

/// Or until the connection has to be looked at.
Task<> Publisher::wait_for_work(Connection& connection) {
    boost::system::error_code woken;
    wake_.expires_after(idle_time);
    auto work = wake_.async_wait(asio::redirect_error(use_task, woken));
    auto sign = connection.wait_for_bytes();
    static_cast<void>(co_await (std::move(work) || std::move(sign)));
}

Task<> Publisher::send_what_waits(Connection& connection) {
    const std::size_t count = std::exchange(count_, 0);
    const std::uint64_t before = published_;
    std::vector<Reply> replies;
    // Counted as dropped if the connection is lost, though some of it may have arrived.
    dropped_ += count;
    std::string commands;
    commands.swap(waiting_);
    replies = co_await connection.exchange(std::move(commands), count);
    for (const Reply& reply : replies) {
        if (!reply.failed()) ++published_;
    }
    dropped_ -= published_ - before;
    for (const Reply& reply : replies) {
        if (reply.failed()) throw RedisRefused("it does not publish", reply);
    }
}

void Publisher::drop_what_waits() {
    dropped_ += std::exchange(count_, 0);
    waiting_.clear();
}

}  // namespace banter::redis
