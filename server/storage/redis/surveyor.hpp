// Finds out what the options lead to: one Redis, or the primaries of a cluster, again whenever
// something seems to be elsewhere.
#pragma once

#include "base/task.hpp"
#include "base/task_group.hpp"
#include "storage/redis/lifeline.hpp"
#include "storage/redis/slots.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace banter::redis {

/// What one server says of its cluster.
struct Survey {
    /// Nothing: it is in none.
    std::optional<SlotMap> map;
    /// Rises with each change of who owns what.
    std::uint64_t epoch = 0;
    /// Every slot has an owner, and the server is on the side of the majority.
    bool is_whole = true;
};

/// Asks the server at the other end, which is at `place`.
/// Throws RedisLost, RedisRefused (it forbids to ask)
[[nodiscard]] Task<Survey> survey(Connection& connection, Place place);

/// On one loop. With sentinels there is nothing to find out: they lead to one Redis.
class Surveyor {
public:
    /// Called with the first survey and, in a cluster, with each that comes later.
    using Found = std::function<void(const Survey&)>;

    /// purpose  for the log: "publishing"
    Surveyor(Executor loop, const Lifeline::Parts& parts, std::string purpose, Found found);

    void start() { running_.spawn("redis survey", run()); }
    /// The last call.
    [[nodiscard]] Task<> stop();

    /// Something isn't where the last survey said: there will be another one soon.
    void look_again();

private:
    [[nodiscard]] Task<> run();
    [[nodiscard]] Task<bool> look();
    [[nodiscard]] Task<Survey> ask_all();
    [[nodiscard]] Task<Survey> ask(Place place);
    [[nodiscard]] Task<> wait();
    [[nodiscard]] std::vector<Place> places() const;

    Executor loop_;
    Lifeline::Parts parts_;
    std::string purpose_;
    Found found_;
    std::vector<Place> known_;
    std::uint64_t epoch_ = 0;
    /// How many were made: each begins with another server.
    std::size_t count_ = 0;
    bool wanted_ = false;
    std::chrono::milliseconds next_pause_;
    std::string noted_;
    Timer wake_;
    TaskGroup running_;
};

}  // namespace banter::redis
