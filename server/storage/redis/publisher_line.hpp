// Publishes at one server: alone, or one of a cluster's, where a channel may turn out to be
// elsewhere at any time.
#pragma once

#include "storage/redis/fleet.hpp"
#include "storage/redis/lifeline.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::redis {

/// Of all lines of a publisher.
struct PublishCounts {
    std::uint64_t published = 0;
    std::uint64_t dropped = 0;
};

struct Publication {
    std::string channel;
    std::string bytes;
    /// How often it was sent to a server that has not its channel.
    unsigned misses = 0;
};

/// On one loop. While one round trip is on its way the next batch gathers.
class PublisherLine {
public:
    struct Hooks {
        /// Something that was not published, as its channel is elsewhere.
        std::function<void(Publication)> astray;
        /// The server is away, or has not the channels that it had.
        std::function<void()> changed;
    };

    /// counts  outlives it
    PublisherLine(
        Executor loop,
        const Lifeline::Parts& parts,
        Berth berth,
        Hooks hooks,
        PublishCounts& counts
    );

    void start() { line_.start(); }
    /// What waits is not sent any more. The last call.
    [[nodiscard]] Task<> stop();
    [[nodiscard]] bool is_up() const { return line_.is_up(); }

    /// Never waits, never fails.
    void publish(Publication publication);

    /// Of a cluster's server: where all that publish give signs of life.
    void set_beat(const std::string& channel) { beat_channel_ = channel; }

private:
    [[nodiscard]] Task<> serve(Connection& connection);
    [[nodiscard]] Task<> wait_for_work(Connection& connection);
    [[nodiscard]] Task<> give_sign(Connection& connection);
    [[nodiscard]] Task<> send_what_waits(Connection& connection);
    void take(const std::vector<Reply>& replies, std::vector<Publication>& sent);
    void drop_what_waits();

    [[nodiscard]] bool is_in_cluster() const { return !beat_channel_.empty(); }

    Hooks hooks_;
    std::string beat_channel_;
    PublishCounts& counts_;
    std::vector<Publication> waiting_;
    std::size_t waiting_bytes_ = 0;
    /// It has not been lost yet: what comes before it is up waits.
    bool fresh_ = true;
    std::chrono::steady_clock::time_point next_beat_{};
    Timer wake_;
    Lifeline line_;
};

}  // namespace banter::redis
