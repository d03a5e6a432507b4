// When those who listen to a thread hear that there is something new in it: at once, then at most
// once in limits::activity_interval, the newest; a mention never waits. Pure.
#pragma once

#include "base/clock.hpp"
#include "model/event.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <vector>

namespace banter::api::ws {

/// Of the threads of one home loop.
class ActivityFeed {
public:
    /// Null: nothing new, or it waits.
    [[nodiscard]] model::SharedEvent offer(const model::Event& event, SteadyTime now);
    /// What has waited for long enough; also forgets threads that have become quiet.
    [[nodiscard]] std::vector<model::SharedEvent> due(SteadyTime now);
    [[nodiscard]] std::size_t threads() const { return told_.size(); }

private:
    struct Told {
        SteadyTime at;
        /// The newest that has come since; 0: none.
        model::Seq waiting = 0;
    };

    boost::unordered_flat_map<model::ThreadId, Told> told_;
};

}  // namespace banter::api::ws
