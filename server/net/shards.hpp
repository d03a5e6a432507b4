// All shards of the process, and what they share: the number of sessions that may be open.
#pragma once

#include "base/sharded.hpp"
#include "net/limits.hpp"
#include "net/shard.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace banter::net {

/// Starts and stops together; the shards' indexes are 0 … size() - 1.
class Shards {
public:
    Shards(std::size_t count, const Limits& limits);

    /// pinned: shard i runs on the i-th core that the process may use.
    void start(bool pinned = false);
    /// Ends all loops after their present turns and joins them. Idempotent.
    void stop();

    [[nodiscard]] std::size_t size() const { return shards_.size(); }
    [[nodiscard]] Shard& operator[](std::size_t index) { return *shards_[index]; }
    /// The loops in the order of the shards, for base/sharded.hpp.
    [[nodiscard]] Loops loops();

private:
    std::vector<std::unique_ptr<Shard>> shards_;
};

/// How many sessions may still be opened; counted for the whole process, touched once per accept
/// and close.
class SessionBudget {
public:
    explicit SessionBudget(std::size_t sessions_max)
        : left_(static_cast<std::ptrdiff_t>(sessions_max)) {}

    /// False: nothing is left.
    [[nodiscard]] bool take();
    void give_back() { left_.fetch_add(1, std::memory_order_relaxed); }

private:
    std::atomic<std::ptrdiff_t> left_;
};

/// limits.sessions_max, or what RLIMIT_NOFILE leaves after the reserve.
[[nodiscard]] std::size_t sessions_allowed(const Limits& limits);

}  // namespace banter::net
