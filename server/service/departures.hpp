// Deleted users leave: out of their threads, and with their messages if they asked for that, so
// slowly that nobody else notices.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "model/limits.hpp"
#include "storage/storage.hpp"

#include <chrono>
#include <cstddef>

namespace banter::service {

class Departures {
public:
    /// To wait between two steps.
    static constexpr std::chrono::milliseconds between_steps{100};
    /// Messages or memberships in one step, which holds up the writer for a few milliseconds.
    static constexpr std::size_t step_messages_max = 50;
    static constexpr std::size_t step_threads_max = 10;

    static_assert(
        step_messages_max * (std::chrono::seconds(1) / between_steps) <=
        model::limits::tombstones_per_second
    );

    Departures(storage::Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

    /// Makes one step. False: nobody is leaving.
    [[nodiscard]] Task<bool> go_on();

private:
    storage::Storage& storage_;
    const Clock& clock_;
};

}  // namespace banter::service
