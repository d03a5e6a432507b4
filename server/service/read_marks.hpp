// Read markers: shown at once, written at most once a second for a user and thread.
//
// Marks that wait live at the home loop of their user. Who reads what a mark changes settles the
// user's marks first, so the newest is seen on every loop. A crash may lose the last second of
// them.
#pragma once

#include "base/result.hpp"
#include "base/sharded.hpp"
#include "base/task.hpp"
#include "model/id.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"
#include "storage/storage.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <vector>

namespace banter::service {

/// The marks that wait on one loop. A mark waits until it is written, so that a failed write loses
/// none.
class WaitingMarks {
public:
    /// Moves the marker forward to `mark.seq`, from what waits already or else from `stored`.
    /// Returns where it stood before; if that is not below `mark.seq`, nothing changed.
    [[nodiscard]] model::Seq advance(const storage::ReadMark& mark, model::Seq stored);
    [[nodiscard]] std::vector<storage::ReadMark> of(model::UserId user) const;
    [[nodiscard]] std::vector<storage::ReadMark> all() const;
    /// Forgets these, but those that moved on meanwhile.
    void written(const std::vector<storage::ReadMark>& marks);
    /// Forgets what waits for the user in the thread.
    void forget(model::UserId user, model::ThreadId thread);
    /// How many users have marks that wait.
    [[nodiscard]] std::size_t size() const { return marks_.size(); }

private:
    boost::unordered_flat_map<model::UserId, std::vector<storage::ReadMark>> marks_;
};

class ReadMarks {
public:
    ReadMarks(storage::Storage& storage, Sharded<WaitingMarks>& waiting);

    /// Moves the marker forward, never back; a lower seq answers the state as it is. Tells the
    /// user's own sessions. Returns not_found, forbidden (no member).
    [[nodiscard]] Task<Result<ReadState>> mark(
        Caller caller,
        model::ThreadId thread,
        model::Seq seq
    );
    /// Sets the marker, forward or back, and writes it before it answers.
    [[nodiscard]] Task<Result<ReadState>> set(
        Caller caller,
        model::ThreadId thread,
        model::Seq seq
    );

    /// Writes what waits for the user, so that a read after it sees it.
    [[nodiscard]] Task<> settle(model::UserId user);
    /// Writes what waits on loop `index`: app calls this once a second on each loop, and before it
    /// stops.
    [[nodiscard]] Task<> settle_all(std::size_t index);

private:
    [[nodiscard]] Task<ReadState> state_at(Caller caller, model::Thread thread, model::Seq seq);
    void tell(Caller caller, const model::ThreadView& view, const ReadState& state);

    storage::Storage& storage_;
    Sharded<WaitingMarks>& waiting_;
};

}  // namespace banter::service
