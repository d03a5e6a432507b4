// Hears what other nodes tell, on the channels that somebody here wants.
#pragma once

#include "storage/redis/lifeline.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace banter::redis {

/// On one loop.
class Subscriber {
public:
    /// Called for each thing told, in the order of each channel.
    using Receiver = std::function<void(std::string_view channel, std::string_view bytes)>;
    /// Called when all that is wanted is subscribed again after a loss: what was told meanwhile is
    /// missing.
    using Anew = std::function<void()>;

    Subscriber(Executor loop, const Lifeline::Parts& parts, Receiver receiver, Anew anew);

    void start() { line_.start(); }
    /// The last call.
    [[nodiscard]] Task<> stop();

    /// Each want needs an unwant. Never waits.
    void want(std::string_view channel);
    void unwant(std::string_view channel);

    /// Returns when Redis has confirmed the channel, which is wanted: what is told from now on is
    /// heard. False: it is away, or did not confirm in time.
    [[nodiscard]] Task<bool> confirmed(std::string channel, std::chrono::milliseconds within);

    [[nodiscard]] bool is_up() const { return line_.is_up(); }
    /// Channels that are wanted.
    [[nodiscard]] std::size_t size() const { return channels_.size(); }

private:
    struct Channel {
        std::size_t wants = 0;
        /// SUBSCRIBEs that were sent on this connection and not confirmed yet: the channel is heard
        /// when there is none.
        std::size_t open = 0;
        bool sent = false;
        [[nodiscard]] bool heard() const { return sent && open == 0; }
    };
    struct Waiting {
        std::string channel;
        Timer timer;
        bool confirmed = false;
    };

    [[nodiscard]] Task<> serve(Connection& connection);
    [[nodiscard]] Task<> send_all(Connection& connection);
    [[nodiscard]] Task<> wait_for_commands();
    [[nodiscard]] Task<> hear_all(Connection& connection);
    void begin_anew();
    void send_subscribe(const std::string& name, Channel& channel);
    void take(const Reply& reply);
    void take_confirmation(const std::string& name);
    void wake_waiting(const std::string& name);

    Receiver receiver_;
    Anew anew_;
    boost::unordered_flat_map<std::string, Channel> channels_;
    std::list<Waiting> waiting_;
    std::string commands_;
    /// SUBSCRIBEs that are not confirmed yet, of all channels.
    std::size_t open_ = 0;
    /// This connection is not the first, and its channels have not all been confirmed yet.
    bool catching_up_ = false;
    bool had_one_ = false;
    Executor loop_;
    Timer wake_;
    Lifeline line_;
};

}  // namespace banter::redis
