// What changes a message that is there: edits, deletions, reactions. Scripts for the database's
// writer.
//
// Each takes the thread's row first, asks the rule, and gives the message the thread's next rev; a
// change that changes nothing takes none.
#pragma once

#include "base/result.hpp"
#include "storage/message_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/thread_rows.hpp"

namespace banter::sql {

[[nodiscard]] Task<Result<model::MessageChange>> edit_message(
    Connection& connection,
    Outbox& outbox,
    storage::MessageEdit edit,
    storage::MessageRule rule
);

[[nodiscard]] Task<Result<model::MessageChange>> remove_message(
    Connection& connection,
    Outbox& outbox,
    model::MessageId message,
    model::UserId caller,
    Timestamp now,
    storage::MessageRule rule
);

/// The message at this place, which has the file, shows it as it is now.
[[nodiscard]] Task<> show_file(
    Connection& connection,
    Outbox& outbox,
    Place place,
    model::File file
);

/// Leaves a tombstone as remove_message does, whoever asks. The message at this place is none yet.
[[nodiscard]] Task<> erase_message(
    Connection& connection,
    Outbox& outbox,
    Place place,
    Timestamp now
);
[[nodiscard]] Task<Result<model::MessageChange>> react_to_message(
    Connection& connection,
    Outbox& outbox,
    storage::ReactionEdit edit,
    storage::MessageRule rule
);

}  // namespace banter::sql
