// What a reply does beside being a message: its author and whom it mentions follow the reply
// thread, and the message that is replied to shows it. Scripts over one transaction.
#pragma once

#include "model/message.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/thread_rows.hpp"

#include <cstddef>

namespace banter::sql {

/// After `reply` was appended. thread: the reply thread's row before it, as its author sees it.
[[nodiscard]] Task<> after_reply(
    Connection& connection,
    Outbox& outbox,
    ThreadRow thread,
    model::Message reply
);

/// Whether refresh_summaries would find anything.
[[nodiscard]] Task<bool> is_summary_due(Connection& connection, Timestamp now);

/// MessageStore::refresh_reply_summaries.
[[nodiscard]] Task<std::size_t> refresh_summaries(
    Connection& connection,
    Outbox& outbox,
    Timestamp now,
    std::size_t count_max
);

}  // namespace banter::sql
