// Tells other nodes, as far as Redis is there: what is published while it is away is lost, and
// whoever it was for finds it in the log.
#pragma once

#include "storage/redis/fleet.hpp"
#include "storage/redis/publisher_line.hpp"
#include "storage/redis/surveyor.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace banter::redis {

/// On one loop, for a Redis alone, behind sentinels, or a cluster, which it finds out. In a cluster
/// each publication goes to the server that has its channel.
class Publisher {
public:
    Publisher(Executor loop, const Lifeline::Parts& parts);

    void start() { surveyor_.start(); }
    /// What waits is not sent any more. The last call.
    [[nodiscard]] Task<> stop();

    /// Never waits, never fails.
    void publish(std::string_view channel, std::string_view bytes);

    /// Of a cluster: all of its primaries.
    [[nodiscard]] bool is_up() const { return fleet_.is_up(); }
    /// How much was handed over to Redis, and how much was not.
    [[nodiscard]] std::uint64_t published() const { return counts_.published; }
    [[nodiscard]] std::uint64_t dropped() const { return counts_.dropped; }

private:
    void send(Publication publication);
    void keep(Publication publication);
    void adopt(const Survey& survey);

    PublishCounts counts_;
    /// What went to a server that has not its channel; sent again after the next survey.
    std::vector<Publication> astray_;
    Fleet<PublisherLine> fleet_;
    Surveyor surveyor_;
};

}  // namespace banter::redis
