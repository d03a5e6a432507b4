// When a member last used a thread, by the day.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>

namespace banter::sql {

/// Days from 1970-01-01 (UTC), as members.used_day has them. A time would change an index with
/// every message.
[[nodiscard]] inline std::int64_t used_day(Timestamp time) {
    return std::chrono::floor<std::chrono::days>(time.time_since_epoch()).count();
}

}  // namespace banter::sql
