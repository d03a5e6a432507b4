// The newest of what happened to users in threads, for whoever has read something meanwhile that
// may be from before it. Pure.
#pragma once

#include "model/id.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace banter::api::ws {

class RecentPairs {
public:
    /// How many are kept: a read takes milliseconds.
    static constexpr std::size_t kept_max = 1'024;

    void note(model::UserId user, model::ThreadId thread) {
        ++count_;
        kept_.push_back({user, thread});
        if (kept_.size() > kept_max) kept_.pop_front();
    }

    /// How many there were.
    [[nodiscard]] std::uint64_t count() const { return count_; }

    /// Whether it happened after there were so many; true as well if nobody knows any more.
    [[nodiscard]] bool happened_since(
        std::uint64_t count,
        model::UserId user,
        model::ThreadId thread
    ) const {
        std::uint64_t left = count_ - count;
        if (left > kept_.size()) return true;
        for (auto at = kept_.rbegin(); left > 0; ++at, --left) {
            if (at->user == user && at->thread == thread) return true;
        }
        return false;
    }

private:
    struct Pair {
        model::UserId user;
        model::ThreadId thread;
    };

    std::deque<Pair> kept_;
    std::uint64_t count_ = 0;
};

}  // namespace banter::api::ws
