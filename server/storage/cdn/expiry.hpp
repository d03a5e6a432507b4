// When links end: on a grid, so that those made one after the other are equal.
#pragma once

#include "base/clock.hpp"
#include "model/limits.hpp"

#include <chrono>

namespace banter::cdn {

static_assert(model::limits::file_link_lifetime_max == 2 * model::limits::file_link_grid);

/// More than file_link_grid from `now`, and at most file_link_lifetime_max. In whole seconds.
[[nodiscard]] inline std::chrono::sys_seconds link_expiry(Timestamp now) {
    const std::chrono::seconds grid = model::limits::file_link_grid;
    const auto passed = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() / grid;
    return std::chrono::sys_seconds((passed + 2) * grid);
}

}  // namespace banter::cdn
