#include "storage/redis/subscriber_line.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace banter::redis {

namespace {

using std::chrono::steady_clock;

/// So often Redis is asked for a sign of life.
constexpr std::chrono::milliseconds beat{1'000};
/// Without one for so long it counts as lost.
constexpr std::chrono::milliseconds silence_max{3'000};
/// So many answers without a sign of life that comes by way of the cluster: it is in none any more.
/// Counted in answers, as nothing is wrong when it is us who stood still.
constexpr unsigned pongs_max = 5;

}  // namespace

SubscriberLine::SubscriberLine(
    Executor loop,
    const Lifeline::Parts& parts,
    Berth berth,
    Hooks hooks
)
    : hooks_(std::move(hooks)),
      loop_(loop),
      wake_(loop),
      line_(
          loop,
          parts,
          {"subscriptions", std::move(berth.place), hooks_.astray},
          [this](Connection& connection) { return serve(connection); }
      ) {
    set_beat(berth.beat_channel);
}

void SubscriberLine::want(std::string_view channel, bool missed) {
    const auto [found, added] = channels_.try_emplace(std::string(channel));
    found->second.wanted = true;
    found->second.astray = false;
    if (missed) catching_up_ = true;
    if (is_up()) subscribe(found->first, found->second);
}

void SubscriberLine::unwant(std::string_view name) {
    const auto found = channels_.find(std::string(name));
    if (found == channels_.end()) return;
    Channel& channel = found->second;
    channel.wanted = false;
    if (is_up() && channel.sent) {
        append(
            Sent::Kind::unsubscribe, is_in_cluster() ? "SUNSUBSCRIBE" : "UNSUBSCRIBE", found->first
        );
    }
    // Confirmations that are on their way are counted until they have come.
    channel.sent = false;
    if (channel.open == 0) channels_.erase(found);
}

bool SubscriberLine::hears(std::string_view channel) const {
    const auto found = channels_.find(std::string(channel));
    return found != channels_.end() && found->second.heard();
}

bool SubscriberLine::has_astray(std::string_view channel) const {
    const auto found = channels_.find(std::string(channel));
    return found != channels_.end() && found->second.astray;
}

void SubscriberLine::set_beat(const std::string& channel) {
    if (channel == beat_channel_) return;
    if (!beat_channel_.empty()) unwant(beat_channel_);
    beat_channel_ = channel;
    has_beats_ = false;
    want(channel, false);
}

Task<> SubscriberLine::serve(Connection& connection) {
    name_ = connection.name();
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
    connection.close("it is of no more use");
    sending.cancel();
    // Also who was told to stop has to wait for what uses the connection.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await sending.wait();
    co_await asio::this_coro::throw_if_cancelled(true);
    std::rethrow_exception(end);
}

void SubscriberLine::begin_anew() {
    commands_.clear();
    sent_.clear();
    open_ = 0;
    has_beats_ = false;
    if (std::exchange(had_one_, true)) catching_up_ = true;
    boost::unordered::erase_if(channels_, [](const auto& one) { return !one.second.wanted; });
    for (auto& [name, channel] : channels_) {
        channel.open = 0;
        channel.astray = false;
        subscribe(name, channel);
    }
    tell_if_caught_up();
}

void SubscriberLine::subscribe(const std::string& name, Channel& channel) {
    append(Sent::Kind::subscribe, is_in_cluster() ? "SSUBSCRIBE" : "SUBSCRIBE", name);
    channel.sent = true;
    ++channel.open;
    ++open_;
}

/// One channel a command: those of several slots may not stand in one.
void SubscriberLine::append(Sent::Kind kind, std::string_view command, const std::string& channel) {
    append_command(commands_, {command, channel});
    sent_.push_back(Sent{kind, channel});
    wake_.cancel();
}

Task<> SubscriberLine::send_all(Connection& connection) {
    try {
        for (;;) {
            if (commands_.empty()) co_await wait_for_commands();
            if (steady_clock::now() >= next_ping_) add_ping();
            std::string commands;
            commands.swap(commands_);
            co_await connection.send(std::move(commands));
        }
    } catch (const RedisLost&) {
        // Whoever hears is told by the same connection.
    }
}

Task<> SubscriberLine::wait_for_commands() {
    boost::system::error_code woken;
    wake_.expires_at(next_ping_);
    co_await wake_.async_wait(asio::redirect_error(use_task, woken));
}

void SubscriberLine::add_ping() {
    next_ping_ = steady_clock::now() + beat;
    append_command(commands_, {"PING"});
    sent_.push_back(Sent{Sent::Kind::ping, {}});
}

Task<> SubscriberLine::hear_all(Connection& connection) {
    for (;;) {
        const Reply reply = co_await connection.receive(silence_max);
        take(reply);
    }
}

/// An answer to what was sent first, or something that nobody asked for: a message, or the end of a
/// subscription.
void SubscriberLine::take(const Reply& reply) {
    if (reply.failed()) return take_failure(reply);
    if (reply.items.size() != 3) return take_pong();
    const std::string& kind = reply.items[0].text;
    const std::string& channel = reply.items[1].text;
    if (kind == "message" || kind == "smessage")
        take_message(channel, reply.items[2].text);
    else if (kind == "subscribe" || kind == "ssubscribe")
        take_confirmation(channel);
    else if (kind == "unsubscribe" || kind == "sunsubscribe")
        take_end(channel);
}

void SubscriberLine::take_message(const std::string& channel, const std::string& bytes) {
    if (!is_in_cluster() || channel != beat_channel_) return hooks_.receive(channel, bytes);
    has_beats_ = true;
    pongs_ = 0;
}

void SubscriberLine::take_confirmation(const std::string& name) {
    if (sent_.empty() || sent_.front().channel != name) return;
    sent_.pop_front();
    settle(name);
}

/// The answer to our own wish, or the slot of the channel has gone elsewhere.
void SubscriberLine::take_end(const std::string& name) {
    if (!sent_.empty() && sent_.front().kind == Sent::Kind::unsubscribe &&
        sent_.front().channel == name) {
        sent_.pop_front();
        return;
    }
    const auto found = channels_.find(name);
    if (found != channels_.end() && found->second.sent) let_go(name, found->second);
}

/// Which of a cluster's servers has a channel is found out anew; else something is forbidden.
void SubscriberLine::take_failure(const Reply& reply) {
    if (!is_in_cluster() || !reply.is_elsewhere() || sent_.empty()) {
        throw RedisRefused(name_ + " does not subscribe", reply);
    }
    const Sent failed = std::move(sent_.front());
    sent_.pop_front();
    if (failed.kind != Sent::Kind::subscribe) return;
    const auto found = channels_.find(failed.channel);
    if (found != channels_.end() && found->second.sent) let_go(failed.channel, found->second);
    settle(failed.channel);
}

/// One SUBSCRIBE less is on its way.
void SubscriberLine::settle(const std::string& name) {
    const auto found = channels_.find(name);
    if (found == channels_.end() || found->second.open == 0) return;
    --open_;
    if (--found->second.open == 0) {
        if (!found->second.wanted)
            channels_.erase(found);
        else if (found->second.sent)
            hooks_.heard(name);
    }
    tell_if_caught_up();
}

void SubscriberLine::let_go(const std::string& name, Channel& channel) {
    channel.sent = false;
    channel.astray = true;
    if (name == beat_channel_) has_beats_ = false;
    hooks_.astray();
}

void SubscriberLine::tell_if_caught_up() {
    if (open_ == 0 && std::exchange(catching_up_, false)) hooks_.anew();
}

void SubscriberLine::take_pong() {
    if (!sent_.empty() && sent_.front().kind == Sent::Kind::ping) sent_.pop_front();
    if (has_beats_ && ++pongs_ > pongs_max) {
        throw RedisLost(name_ + " has fallen out of its cluster without a word");
    }
}

}  // namespace banter::redis
