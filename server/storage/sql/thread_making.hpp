// New threads of every kind, and changes of those that are there. Scripts over one transaction.
#pragma once

#include "base/result.hpp"
#include "model/thread.hpp"
#include "storage/sql/database.hpp"
#include "storage/thread_store.hpp"

namespace banter::sql {

[[nodiscard]] Task<Result<model::ThreadView>> make_thread(
    Connection& connection,
    Outbox& outbox,
    storage::NewThread thread
);

[[nodiscard]] Task<Result<storage::FoundOrMade>> find_or_make_direct(
    Connection& connection,
    Outbox& outbox,
    storage::NewThread thread
);

[[nodiscard]] Task<Result<storage::FoundOrMade>> find_or_make_reply(
    Connection& connection,
    Outbox& outbox,
    storage::NewReplyThread thread,
    storage::ThreadRule rule
);

[[nodiscard]] Task<Result<model::ThreadView>> change_thread(
    Connection& connection,
    Outbox& outbox,
    model::ChangeThread change,
    model::UserId caller,
    Timestamp now,
    storage::ThreadRule rule
);

}  // namespace banter::sql
