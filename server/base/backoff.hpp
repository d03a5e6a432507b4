// When something that failed is tried again: after 1, 2, 4 … s, and so on up to a most.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>

namespace banter {

class Backoff {
public:
    explicit Backoff(std::chrono::seconds pause_max) : pause_max_(pause_max) {}

    [[nodiscard]] bool is_due(SteadyTime now) const { return now >= due_; }

    void failed(SteadyTime now) {
        due_ = now + pause_;
        pause_ = std::min(2 * pause_, pause_max_);
    }

    void succeeded() {
        due_ = SteadyTime();
        pause_ = pause_min;
    }

private:
    static constexpr std::chrono::seconds pause_min{1};

    SteadyTime due_{};
    std::chrono::seconds pause_ = pause_min;
    std::chrono::seconds pause_max_;
};

}  // namespace banter
