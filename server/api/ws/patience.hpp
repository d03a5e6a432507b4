// How many refusals a client gets that doesn't heed them. Pure.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>

namespace banter::api::ws {

/// Each rate_limited takes one of `refusals_max`; one comes back every `refusal_costs`. Nothing
/// else gives any back: a client far above its rate gets answers in between, since its allowance is
/// refilled all the time.
class Patience {
public:
    static constexpr int refusals_max = 200;
    static constexpr std::chrono::milliseconds refusal_costs{50};

    /// Counts a refusal. False: it was one too many.
    [[nodiscard]] bool refuse(SteadyTime now) {
        whole_at_ = std::max(whole_at_, now) + refusal_costs;
        return whole_at_ - now <= refusals_max * refusal_costs;
    }

private:
    /// When all of it has come back.
    SteadyTime whole_at_{};
};

}  // namespace banter::api::ws
