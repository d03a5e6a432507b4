// MessageStore::append on SQLite: the one write that is worth its own path. No coroutine, no
// savepoint, and a handful of prepared statements for each message.
#pragma once

#include "base/result.hpp"
#include "storage/message_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/thread_rows.hpp"
#include "storage/sqlite/connection.hpp"

#include <optional>
#include <vector>

namespace banter::sqlite {

/// What an append did beside its answer.
struct Appended {
    /// It has begun to write: what throws afterwards has to end the transaction.
    bool wrote = false;
    /// The thread before the message, if it was a reply: its members and its parent are to learn
    /// of it.
    std::optional<sql::ThreadRow> reply_thread;
};

/// Works inside the writer's open transaction.
///
/// Whatever can refuse a message is looked at before the first write, and that first write, the
/// message's row, either happens or doesn't; so an item that is refused, or whose rule throws, has
/// written nothing.
class Appender {
public:
    explicit Appender(Handle& handle) : handle_(handle), connection_(handle) {}

    /// As MessageStore::append.
    [[nodiscard]] Result<model::Message> append(
        storage::NewMessage message,
        const storage::ThreadRule& rule,
        sql::Outbox& outbox,
        Appended& appended
    );

private:
    [[nodiscard]] bool is_in_thread(const model::MessageId& message, std::int64_t thread_number);
    [[nodiscard]] bool is_member(const model::UserId& user, std::int64_t thread_number);
    /// The files of the author's that the message takes; not_found.
    [[nodiscard]] Result<std::vector<model::File>> find_files(const storage::NewMessage& message);
    void link_files(const model::Message& message, std::int64_t place);
    /// What an earlier message with this nonce answers now; nothing if there is none.
    [[nodiscard]] std::optional<Result<model::Message>> find_repeat(
        const storage::NewMessage& message
    );
    [[nodiscard]] bool insert(
        const model::Message& message,
        std::int64_t place,
        const model::RequestHash& request_hash
    );
    void advance(const model::Message& message, std::int64_t thread_number, bool author_is_member);
    void add_mentions(const model::Message& message, std::int64_t place);

    Handle& handle_;
    SqliteConnection connection_;
};

}  // namespace banter::sqlite
