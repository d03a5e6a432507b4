// Which seqs a page covers, and what of it is given when it is too large. Pure.
#pragma once

#include "model/message.hpp"
#include "model/thread.hpp"
#include "storage/message_store.hpp"

#include <cstddef>
#include <vector>

namespace banter::sql {

/// Seqs from `first` to `last`, both included; empty if `last` is below `first`.
struct SeqRange {
    model::Seq first = 1;
    model::Seq last = 0;
};

/// What a request asks of a thread whose seqs run, without gaps, from thread.first_seq to
/// thread.seq. at_time: the first seq at or after the asked time, for AtTime.
[[nodiscard]] SeqRange range_of(
    const storage::HistoryPlace& place,
    std::size_t count_max,
    const model::Thread& thread,
    model::Seq at_time
);

/// Drops from the far end what is above `bytes_max`; one message stays. For Around those farther
/// from its seq go first.
[[nodiscard]] std::vector<model::Message> cut_to_bytes(
    std::vector<model::Message> messages,
    const storage::HistoryPlace& place,
    std::size_t bytes_max
);

}  // namespace banter::sql
