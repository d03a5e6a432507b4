// The subscriptions at one server: alone, or one of a cluster's, where a channel may turn out to be
// elsewhere at any time.
#pragma once

#include "storage/redis/fleet.hpp"
#include "storage/redis/lifeline.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace banter::redis {

/// On one loop.
class SubscriberLine {
public:
    struct Hooks {
        /// Something was told.
        std::function<void(std::string_view channel, std::string_view bytes)> receive;
        /// A channel is heard from now on.
        std::function<void(std::string_view channel)> heard;
        /// What is wanted here is heard, after some of it was not. A channel that turned out to be
        /// elsewhere is told of by whoever gets it with `missed`.
        std::function<void()> anew;
        /// A channel is not here, or the server is away.
        std::function<void()> astray;
    };

    SubscriberLine(Executor loop, const Lifeline::Parts& parts, Berth berth, Hooks hooks);

    void start() { line_.start(); }
    /// The last call.
    [[nodiscard]] Task<> stop() { return line_.stop(); }
    [[nodiscard]] bool is_up() const { return line_.is_up(); }

    /// Subscribes a channel, also one that turned out not to be here when it was tried last.
    /// missed  it was heard elsewhere before: Hooks::anew tells when it is heard again
    void want(std::string_view channel, bool missed);
    void unwant(std::string_view channel);
    [[nodiscard]] bool hears(std::string_view channel) const;
    /// Wanted, but not here when it was tried last.
    [[nodiscard]] bool has_astray(std::string_view channel) const;

    /// Of a cluster's server: where it gives signs of life. Once they have begun on a connection,
    /// they have to go on: a server may fall out of its cluster without a word.
    void set_beat(const std::string& channel);

private:
    using Moment = std::chrono::steady_clock::time_point;

    struct Channel {
        bool wanted = true;
        bool sent = false;
        bool astray = false;
        /// SUBSCRIBEs that were sent on this connection and not confirmed yet: the channel is heard
        /// when there is none.
        std::size_t open = 0;
        [[nodiscard]] bool heard() const { return sent && open == 0; }
    };
    /// What was sent, and will be answered in its order.
    struct Sent {
        enum class Kind : std::uint8_t { subscribe, unsubscribe, ping };
        Kind kind;
        std::string channel;
    };

    [[nodiscard]] Task<> serve(Connection& connection);
    [[nodiscard]] Task<> send_all(Connection& connection);
    [[nodiscard]] Task<> wait_for_commands();
    void add_ping();
    [[nodiscard]] Task<> hear_all(Connection& connection);
    void begin_anew();
    void subscribe(const std::string& name, Channel& channel);
    void append(Sent::Kind kind, std::string_view command, const std::string& channel);
    void take(const Reply& reply);
    void take_message(const std::string& channel, const std::string& bytes);
    void take_confirmation(const std::string& name);
    void take_end(const std::string& name);
    void take_failure(const Reply& reply);
    void settle(const std::string& name);
    void let_go(const std::string& name, Channel& channel);
    void tell_if_caught_up();
    void take_pong();

    [[nodiscard]] bool is_in_cluster() const { return !beat_channel_.empty(); }

    Hooks hooks_;
    std::string beat_channel_;
    /// Signs of life have come on this connection.
    bool has_beats_ = false;
    /// Answers since the last one.
    unsigned pongs_ = 0;
    Moment next_ping_{};
    boost::unordered_flat_map<std::string, Channel> channels_;
    std::deque<Sent> sent_;
    std::string commands_;
    /// SUBSCRIBEs that are not confirmed yet, of all channels.
    std::size_t open_ = 0;
    /// Something was missed here, and not all channels are heard again.
    bool catching_up_ = false;
    bool had_one_ = false;
    /// Of the server, for what is said of it.
    std::string name_;
    Executor loop_;
    Timer wake_;
    Lifeline line_;
};

}  // namespace banter::redis
