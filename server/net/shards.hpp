// All shards of the process, and what they share: the number of sessions that may be open.
#pragma once

#include "base/sharded.hpp"
#include "net/limits.hpp"
#include "net/shard.hpp"

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

/// limits.outgoing_calls_max, or less if the descriptors of the process are few: each of so many
/// shards may have that many requests to other servers under way. Part of the reserve.
[[nodiscard]] std::size_t outgoing_calls_allowed(const Limits& limits, std::size_t shards);

/// limits.sessions_max, or what RLIMIT_NOFILE leaves after the reserve.
[[nodiscard]] std::size_t sessions_allowed(const Limits& limits, std::size_t shards);

/// How many files may be on their way to clients at once: each holds a descriptor beside its
/// session's. Part of the reserve.
[[nodiscard]] std::size_t downloads_allowed();

}  // namespace banter::net
