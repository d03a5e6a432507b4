#include "storage/redis/subscriber.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace banter::redis {

namespace {

/// So often Redis is asked for a sign of life.
constexpr std::chrono::milliseconds beat{1'000};
/// Without one for so long it counts as lost.
constexpr std::chrono::milliseconds silence_max{3'000};

}  // namespace

Subscriber::Subscriber(Executor loop, const Lifeline::Parts& parts, Receiver receiver, Anew anew)
    : receiver_(std::move(receiver)),
      anew_(std::move(anew)),
      loop_(loop),
      wake_(loop),
      line_(loop, parts, "subscriptions", [this](Connection& connection) {
          return serve(connection);
      }) {}

Task<> Subscriber::stop() {
    co_await line_.stop();
    for (Waiting& waiting : waiting_) waiting.timer.cancel();
}

void Subscriber::want(std::string_view channel) {
    const auto [found, added] = channels_.try_emplace(std::string(channel));
    if (found->second.wants++ == 0 && is_up()) send_subscribe(found->first, found->second);
}

void Subscriber::unwant(std::string_view name) {
    const auto found = channels_.find(std::string(name));
    if (found == channels_.end() || --found->second.wants > 0) return;
    if (is_up()) {
        append_command(commands_, {"UNSUBSCRIBE", name});
        wake_.cancel();
    }
    // Confirmations that are on their way are counted until they have come.
    found->second.sent = false;
    if (found->second.open == 0) channels_.erase(found);
}

Task<bool> Subscriber::confirmed(std::string channel, std::chrono::milliseconds within) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) co_return false;
    if (found->second.heard()) co_return true;
    const auto place =
        waiting_.insert(waiting_.end(), Waiting{std::move(channel), Timer(loop_, within), false});
    boost::system::error_code woken;
    co_await place->timer.async_wait(asio::redirect_error(use_task, woken));
    const bool confirmed = place->confirmed;
    waiting_.erase(place);
    co_return confirmed;
}

Task<> Subscriber::serve(Connection& connection) {
    begin_anew();
    TaskGroup sending(loop_);
    sending.spawn("redis subscriptions", send_all(connection));
    std::exception_ptr end;
    try {
        co_await hear_all(connection);
    } catch (...) {
        end = std::current_exception();
    }
    for (auto& [name, channel] : channels_) channel.sent = false;
    connection.close();
    sending.cancel();
    // Also who was told to stop has to wait for what uses the connection.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await sending.wait();
    co_await asio::this_coro::throw_if_cancelled(true);
    std::rethrow_exception(end);
}

void Subscriber::begin_anew() {
    commands_.clear();
    open_ = 0;
    catching_up_ = std::exchange(had_one_, true);
    boost::unordered::erase_if(channels_, [](const auto& one) { return one.second.wants == 0; });
    for (auto& [name, channel] : channels_) {
        channel.open = 0;
        send_subscribe(name, channel);
    }
    if (open_ == 0 && std::exchange(catching_up_, false)) anew_();
}

void Subscriber::send_subscribe(const std::string& name, Channel& channel) {
    append_command(commands_, {"SUBSCRIBE", name});
    channel.sent = true;
    ++channel.open;
    ++open_;
    wake_.cancel();
}

Task<> Subscriber::send_all(Connection& connection) {
    try {
        for (;;) {
            if (commands_.empty()) co_await wait_for_commands();
            if (commands_.empty()) append_command(commands_, {"PING"});
            std::string commands;
            commands.swap(commands_);
            co_await connection.send(std::move(commands));
        }
    } catch (const RedisLost&) {
        // Whoever hears is told by the same connection.
    }
}

Task<> Subscriber::wait_for_commands() {
    boost::system::error_code woken;
    wake_.expires_after(beat);
    co_await wake_.async_wait(asio::redirect_error(use_task, woken));
}

Task<> Subscriber::hear_all(Connection& connection) {
    for (;;) {
        const Reply reply = co_await connection.receive(silence_max);
        if (reply.failed()) throw RedisRefused("it does not subscribe", reply);
        take(reply);
    }
}

void Subscriber::take(const Reply& reply) {
    if (reply.items.size() != 3) return;
    const std::string& kind = reply.items[0].text;
    const std::string& channel = reply.items[1].text;
    if (kind == "message")
        receiver_(channel, reply.items[2].text);
    else if (kind == "subscribe")
        take_confirmation(channel);
}

void Subscriber::take_confirmation(const std::string& name) {
    const auto found = channels_.find(name);
    if (found == channels_.end() || found->second.open == 0) return;
    --open_;
    if (--found->second.open == 0) {
        if (found->second.wants == 0)
            channels_.erase(found);
        else
            wake_waiting(name);
    }
    if (open_ == 0 && std::exchange(catching_up_, false)) anew_();
}

void Subscriber::wake_waiting(const std::string& name) {
    for (Waiting& waiting : waiting_) {
        if (waiting.channel != name) continue;
        waiting.confirmed = true;
        waiting.timer.cancel();
    }
}

}  // namespace banter::redis
