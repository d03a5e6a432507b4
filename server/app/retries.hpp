// When something that recurs and fails is tried again: after 1, 2, 4 … 64 s.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>

namespace banter::app {

/// What counts as failed is what began and did not succeed until it is asked of again.
class Retries {
public:
    /// Whether it is due. If so it counts as failed until `succeed`.
    [[nodiscard]] bool begin(SteadyTime now) {
        if (now < due_) return false;
        due_ = now + pause_;
        pause_ = std::min(2 * pause_, pause_max);
        return true;
    }

    void succeed() {
        due_ = SteadyTime();
        pause_ = pause_min;
    }

private:
    static constexpr std::chrono::seconds pause_min{1};
    static constexpr std::chrono::seconds pause_max{64};

    SteadyTime due_{};
    std::chrono::seconds pause_ = pause_min;
};

}  // namespace banter::app
