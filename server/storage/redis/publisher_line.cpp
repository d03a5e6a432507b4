#include "storage/redis/publisher_line.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>

#include <optional>
#include <utility>

namespace banter::redis {

namespace {

using namespace asio::experimental::awaitable_operators;
using std::chrono::steady_clock;

/// More than that waits only if Redis is stuck.
constexpr std::size_t waiting_bytes_max = std::size_t{16} * 1024 * 1024;

/// So often the server is asked for a sign of life, and gives one to those who listen.
constexpr std::chrono::seconds beat{1};

}  // namespace

PublisherLine::PublisherLine(
    Executor loop,
    const Lifeline::Parts& parts,
    Berth berth,
    Hooks hooks,
    PublishCounts& counts
)
    : hooks_(std::move(hooks)),
      beat_channel_(std::move(berth.beat_channel)),
      counts_(counts),
      wake_(loop),
      line_(
          loop,
          parts,
          {"publishing",
           std::move(berth.place),
           [this] {
               fresh_ = false;
               drop_what_waits();
               hooks_.changed();
           }},
          [this](Connection& connection) { return serve(connection); }
      ) {}

Task<> PublisherLine::stop() {
    co_await line_.stop();
    drop_what_waits();
}

void PublisherLine::publish(Publication publication) {
    const bool takes = is_up() || (fresh_ && is_in_cluster());
    const std::size_t size = publication.channel.size() + publication.bytes.size();
    if (!takes || waiting_bytes_ + size > waiting_bytes_max) {
        ++counts_.dropped;
        return;
    }
    waiting_bytes_ += size;
    waiting_.push_back(std::move(publication));
    if (waiting_.size() == 1) wake_.cancel();
}

Task<> PublisherLine::serve(Connection& connection) {
    for (;;) {
        if (waiting_.empty()) co_await wait_for_work(connection);
        const bool is_time = is_in_cluster() && steady_clock::now() >= next_beat_;
        if (is_time || waiting_.empty()) co_await give_sign(connection);
        if (!waiting_.empty()) co_await send_what_waits(connection);
    }
}

/// Or until the connection has to be looked at.
Task<> PublisherLine::wait_for_work(Connection& connection) {
    boost::system::error_code woken;
    wake_.expires_after(beat);
    auto work = wake_.async_wait(asio::redirect_error(use_task, woken));
    auto sign = connection.wait_for_bytes();
    static_cast<void>(co_await (std::move(work) || std::move(sign)));
}

Task<> PublisherLine::give_sign(Connection& connection) {
    next_beat_ = steady_clock::now() + beat;
    std::string command;
    if (is_in_cluster())
        append_command(command, {"SPUBLISH", beat_channel_, ""});
    else
        append_command(command, {"PING"});
    const std::vector<Reply> replies = co_await connection.exchange(std::move(command), 1);
    if (replies[0].is_elsewhere()) hooks_.changed();
}

Task<> PublisherLine::send_what_waits(Connection& connection) {
    std::vector<Publication> sent;
    sent.swap(waiting_);
    waiting_bytes_ = 0;
    std::string commands;
    for (const auto& [channel, bytes, misses] : sent) {
        append_command(commands, {is_in_cluster() ? "SPUBLISH" : "PUBLISH", channel, bytes});
    }
    std::vector<Reply> replies;
    try {
        replies = co_await connection.exchange(std::move(commands), sent.size());
    } catch (...) {
        // Though some of it may have arrived.
        counts_.dropped += sent.size();
        throw;
    }
    take(replies, sent);
}

/// Throws RedisRefused if one is refused for good.
void PublisherLine::take(const std::vector<Reply>& replies, std::vector<Publication>& sent) {
    const Reply* refusal = nullptr;
    for (std::size_t at = 0; at < replies.size(); ++at) {
        const Reply& reply = replies[at];
        if (!reply.failed()) {
            ++counts_.published;
        } else if (is_in_cluster() && reply.is_elsewhere()) {
            ++sent[at].misses;
            hooks_.astray(std::move(sent[at]));
        } else {
            ++counts_.dropped;
            refusal = &reply;
        }
    }
    if (refusal != nullptr) throw RedisRefused("what is published is refused", *refusal);
}

void PublisherLine::drop_what_waits() {
    counts_.dropped += waiting_.size();
    waiting_.clear();
    waiting_bytes_ = 0;
}

}  // namespace banter::redis
