// Hears what other nodes tell, on the channels that somebody here wants.
#pragma once

#include "storage/redis/fleet.hpp"
#include "storage/redis/subscriber_line.hpp"
#include "storage/redis/surveyor.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace banter::redis {

/// On one loop, for a Redis alone, behind sentinels, or a cluster, which it finds out. In a cluster
/// each channel is subscribed at the primary that has it, by sharded pub/sub.
class Subscriber {
public:
    /// Called for each thing told, in the order of each channel. While a channel moves between the
    /// servers of a cluster it may be told twice.
    using Receiver = std::function<void(std::string_view channel, std::string_view bytes)>;
    /// Called when all that is wanted is subscribed again after a loss: what was told meanwhile is
    /// missing. In a cluster each of its servers is lost and told of by itself.
    using Anew = std::function<void()>;

    Subscriber(Executor loop, const Lifeline::Parts& parts, Receiver receiver, Anew anew);

    void start() { surveyor_.start(); }
    /// The last call.
    [[nodiscard]] Task<> stop();

    /// Each want needs an unwant. Never waits.
    void want(std::string_view channel);
    void unwant(std::string_view channel);

    /// Returns when Redis has confirmed the channel, which is wanted: what is told from now on is
    /// heard. False: it is away, or did not confirm in time.
    [[nodiscard]] Task<bool> confirmed(std::string channel, std::chrono::milliseconds within);

    /// Of a cluster: all of its primaries.
    [[nodiscard]] bool is_up() const { return fleet_.is_up(); }
    /// Channels that are wanted.
    [[nodiscard]] std::size_t size() const { return channels_.size(); }

private:
    struct Channel {
        std::size_t wants = 0;
        /// Nothing while no server is known to have it.
        SubscriberLine* line = nullptr;
        /// It had a line before.
        bool missed = false;
    };
    struct Waiting {
        Waiting(Executor loop, std::chrono::milliseconds within) : timer(loop, within) {}

        Timer timer;
        bool confirmed = false;
    };

    void adopt(const Survey& survey);
    void assign(const std::string& name, Channel& channel);
    [[nodiscard]] bool hears(const std::string& name) const;
    void wake_waiting(std::string_view channel);

    Receiver receiver_;
    Anew anew_;
    Executor loop_;
    boost::unordered_flat_map<std::string, Channel> channels_;
    /// By channel; many join at once after a restart. Each waits with its place here, which has to
    /// stay when others come.
    std::multimap<std::string, Waiting, std::less<>> waiting_;
    Fleet<SubscriberLine> fleet_;
    Surveyor surveyor_;
};

}  // namespace banter::redis
