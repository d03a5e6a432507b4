// Keeps a connection to Redis: whoever uses it gets a new one when it is lost, until the end.
#pragma once

#include "base/task.hpp"
#include "base/task_group.hpp"
#include "storage/redis/connection.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
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
        /// Outlives it. Its places are tried in turn.
        const RedisOptions& options;
        Offload& resolving;
        Times times;
        Pauses pauses;
    };
    /// Uses a connection until it throws RedisLost or RedisRefused; then it gets another.
    using Use = std::function<Task<>(Connection&)>;

    /// purpose  for the log: "publishing"
    Lifeline(Executor loop, const Parts& parts, std::string purpose, Use use);

    void start();
    /// Ends the use that is under way. The last call.
    [[nodiscard]] Task<> stop();

    /// Whether a connection is in use.
    [[nodiscard]] bool is_up() const { return up_; }

private:
    [[nodiscard]] Task<> run();
    [[nodiscard]] Task<> use_one();
    [[nodiscard]] Task<> pause();
    void note_loss(const std::string& why);

    Executor loop_;
    Parts parts_;
    std::string purpose_;
    Use use_;
    Timer pause_;
    std::chrono::milliseconds next_pause_;
    std::size_t place_ = 0;
    bool up_ = false;
    bool stopping_ = false;
    /// What was said last of the loss, so that the same is not said with each attempt.
    std::string noted_;
    TaskGroup running_;
};

}  // namespace banter::redis
