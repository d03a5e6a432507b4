// MessageStore::append on PostgreSQL, by the batch: one transaction of two round trips, however
// many messages there are. The first locks the threads and reads what the rules ask for; the second
// writes and commits.
#pragma once

#include "storage/postgres/append_facts.hpp"
#include "storage/postgres/append_plan.hpp"
#include "storage/postgres/transaction.hpp"
#include "storage/sql/database.hpp"

#include <span>

namespace banter::postgres {

/// Appends the batch and leaves answers with all but those that are deferred. What it tells is in
/// `outbox`. Throws LinkLost and Refused (nothing is written), StorageFailure: outcome_unknown.
[[nodiscard]] Task<> append_batch(Link& link, std::span<Append* const> batch, sql::Outbox& outbox);

}  // namespace banter::postgres
