// Keeps a connection to Redis: whoever uses it gets a new one when it is lost, until the end.
#pragma once

#include "base/task.hpp"
#include "base/task_group.hpp"
#include "storage/redis/connection.hpp"
#include "storage/redis/sentinels.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace banter::redis {

/// Between two attempts; each that fails doubles it.
struct Pauses {
    std::chrono::milliseconds least{100};
    std::chrono::milliseconds most{2'000};
};

/// On one loop.
class Lifeline {
public:
    struct Parts {
        /// Outlives it.
        const RedisOptions& options;
        Offload& resolving;
        Times times;
        Pauses pauses;
    };
    /// Uses a connection until it throws RedisLost or RedisRefused; then it gets another.
    using Use = std::function<Task<>(Connection&)>;

    struct Course {
        /// For the log: "publishing".
        std::string purpose;
        /// Nothing: wherever the options lead, to their places in turn or to the primary that the
        /// sentinels name, as long as they do.
        std::optional<Place> place;
        /// Called after each loss and each attempt that failed; may be empty.
        std::function<void()> lost;
    };

    Lifeline(Executor loop, const Parts& parts, Course course, Use use);

    void start();
    /// Ends the use that is under way. The last call.
    [[nodiscard]] Task<> stop();

    /// Whether a connection is in use.
    [[nodiscard]] bool is_up() const { return up_; }

private:
    [[nodiscard]] Task<> run();
    [[nodiscard]] Task<> use_one();
    [[nodiscard]] bool is_named_by_sentinels() const;
    [[nodiscard]] Task<Place> find();
    [[nodiscard]] Task<> use_watched(Connection& connection, Place place);
    [[nodiscard]] Task<> pause();
    void note_loss(const std::string& why);

    Executor loop_;
    Parts parts_;
    Course course_;
    Use use_;
    Timer pause_;
    std::chrono::milliseconds next_pause_;
    /// Of the place that is tried next.
    std::size_t next_place_ = 0;
    Sentinels sentinels_;
    bool up_ = false;
    bool stopping_ = false;
    /// What was said last of the loss, so that the same is not said with each attempt.
    std::string noted_;
    TaskGroup running_;
};

}  // namespace banter::redis
