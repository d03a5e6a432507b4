// Which places of the log hold messages that were changed after they came, as runs of neighbours: a
// reader of what is as it came steps over a run however long it is.
//
// A message that is changed joins a run once and stays in it. Runs are whole: two never touch. They
// only save steps: whoever reads between them still looks at each message's revs.
#pragma once

#include "storage/sql/connection.hpp"
#include "storage/sql/thread_rows.hpp"

#include <cstddef>
#include <vector>

namespace banter::sql {

/// Places from `first` to `last`, both included.
struct PlaceRange {
    Place first = 0;
    Place last = 0;

    bool operator==(const PlaceRange&) const = default;
};

/// In the transaction that changes the message at `place`.
[[nodiscard]] Task<> note_changed(Connection& connection, Place place);

/// Parts of (after, last] that leave out the long runs, from its start on and in order. They hold
/// at least `count` messages that are as they came, or all there are; and of others at most a few
/// for each.
[[nodiscard]] Task<std::vector<PlaceRange>> ranges_around_runs(
    Connection& connection,
    PlaceRange within,
    std::size_t count
);

/// What ranges_around_runs gives of the runs that it has read, ascending, each ending in `within`
/// or after it. Pure.
[[nodiscard]] std::vector<PlaceRange> around(
    PlaceRange within,
    const std::vector<PlaceRange>& runs
);

}  // namespace banter::sql
