// The embedded database: one file in the data directory, one writer, one reader for each loop.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "base/sharded.hpp"
#include "storage/event_bus.hpp"
#include "storage/sql/database.hpp"
#include "storage/sqlite/live_copy.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/storage.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace banter::sqlite {

class LockFile;
class Reader;
class Writer;

/// Shared by all loops of the process; each call answers on the loop that made it. Destroyed before
/// the loops are.
class SqliteDatabase final : public sql::Database {
public:
    /// Takes the data directory (made if it is not there), brings the schema up to date, starts the
    /// writer and the readers. `bus` gets the revocations of every batch before its answers are
    /// posted, and its other events after that. Throws std::runtime_error with a sentence for the
    /// operator: the directory is in use by another Banter, was written by a newer one, can't be
    /// written, is damaged.
    SqliteDatabase(
        SqliteOptions options,
        const Loops& loops,
        const Clock& clock,
        Random& random,
        metrics::Registry& registry,
        storage::EventBus& bus
    );
    /// Stops.
    ~SqliteDatabase() override;

    [[nodiscard]] const storage::Installation& installation() const { return installation_; }

    /// A copy that is made while everything goes on. offload: for its syncs.
    [[nodiscard]] LiveCopy make_copy(Offload& offload);

    /// Finishes what was handed to the writer and ends its threads of execution; what comes later
    /// is refused with storage_unavailable. Blocks; answers are posted to the loops all the same.
    /// Idempotent.
    void stop();

    [[nodiscard]] Task<Result<model::Message>> append(
        storage::NewMessage message,
        storage::ThreadRule rule
    ) override;

private:
    [[nodiscard]] Task<std::unique_ptr<sql::Work>> submit_read(std::unique_ptr<sql::Work> work
    ) override;
    [[nodiscard]] Task<std::unique_ptr<sql::Work>> submit_write(
        std::unique_ptr<sql::Work> work,
        sql::Turn turn
    ) override;
    [[nodiscard]] std::size_t index_of(const Executor& loop) const;

    Loops loops_;
    std::filesystem::path directory_;
    std::unique_ptr<LockFile> lock_;
    storage::Installation installation_;
    std::unique_ptr<Writer> writer_;
    std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace banter::sqlite
