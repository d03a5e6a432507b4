// MessageStore::append on PostgreSQL, by the batch: one transaction, however many messages there
// are. Where all that the rules ask for is remembered it takes one round trip (append_at_once).
// Otherwise, and where the memory was wrong, it takes two: the first locks the threads and reads
// what the rules ask for; the second writes and commits.
#pragma once

#include "storage/postgres/append_facts.hpp"
#include "storage/postgres/append_memory.hpp"
#include "storage/postgres/append_plan.hpp"
#include "storage/postgres/transaction.hpp"
#include "storage/sql/database.hpp"

#include <span>

namespace banter::postgres {

/// Appends the batch and leaves answers with all but those that are deferred. What it tells is in
/// `outbox`. Throws LinkLost (which says whether anything may be written; the nonces settle it when
/// the batch is appended again), Refused (nothing is written), StorageFailure: outcome_unknown.
/// memory: of this link alone.
[[nodiscard]] Task<> append_batch(
    Link& link,
    AppendMemory& memory,
    std::span<Append* const> batch,
    sql::Outbox& outbox
);

}  // namespace banter::postgres
