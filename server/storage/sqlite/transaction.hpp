// The writer's transaction: one for a batch, in which each script has a savepoint of its own.
#pragma once

#include "storage/message_store.hpp"
#include "storage/sql/database.hpp"
#include "storage/sqlite/append.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/handle.hpp"
#include "storage/sqlite/scripts.hpp"

#include <vector>

namespace banter::sqlite {

/// Used again for each batch; on the writer's own thread of execution.
class Transaction {
public:
    explicit Transaction(Handle& handle)
        : handle_(handle), connection_(handle), appender_(handle) {}

    void begin();
    void commit();
    /// Takes back everything since begin(), the events too; after any failure, also one of
    /// commit().
    void roll_back() noexcept;

    /// Throws what the rule threw, with nothing written; a StorageFailure if the transaction can't
    /// go on.
    [[nodiscard]] Result<model::Message> append(
        storage::NewMessage message,
        const storage::ThreadRule& rule
    );

    /// Runs the script to its end. If it throws, or returns an Error, what it wrote and told is
    /// taken back.
    void run(sql::Work& work);

    /// What the committed items tell, in their order.
    [[nodiscard]] std::vector<model::SharedEvent> take_events();

private:
    Handle& handle_;
    SqliteConnection connection_;
    Appender appender_;
    sql::Outbox outbox_;
    Scripts scripts_;
};

}  // namespace banter::sqlite
