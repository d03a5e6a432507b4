// The database that the configuration names: a file of this process, or a server's.
#pragma once

#include "app/config.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/sharded.hpp"
#include "base/task.hpp"
#include "storage/change_store.hpp"
#include "storage/event_bus.hpp"
#include "storage/sql/database.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/storage.hpp"

#include <memory>

namespace banter::postgres {

class PostgresDatabase;

}  // namespace banter::postgres

namespace banter::sqlite {

class SqliteDatabase;

}  // namespace banter::sqlite

namespace banter::app {

/// Destroyed before the loops are, and after they have ended.
class DatabasePart {
public:
    struct Parts {
        const Loops& loops;
        const Clock& clock;
        Random& random;
        metrics::Registry& registry;
        storage::EventBus& bus;
    };

    /// Opens it. in_file: how, if it is a file. Throws std::runtime_error with a sentence for the
    /// operator.
    DatabasePart(const Config& config, const sqlite::SqliteOptions& in_file, const Parts& parts);
    ~DatabasePart();

    [[nodiscard]] sql::Database& database();
    [[nodiscard]] const storage::Installation& installation() const;

    /// What other nodes change; null: there are none.
    [[nodiscard]] storage::ChangeStore* changes();

    /// Null: it is a server's.
    [[nodiscard]] sqlite::SqliteDatabase* file() { return file_.get(); }

    /// Once a second, on the first loop: what has to be seen to while it is open. True: this
    /// process does what one does for all that serve from it.
    [[nodiscard]] Task<bool> keep();

    /// Finishes what was accepted and refuses what comes later. The loops have to run.
    [[nodiscard]] Task<> finish();
    /// Then, when nothing waits for it any more. Blocks. Idempotent.
    void stop();

private:
    std::unique_ptr<sqlite::SqliteDatabase> file_;
    std::unique_ptr<postgres::PostgresDatabase> server_;
    std::unique_ptr<storage::ChangeStore> changes_;
};

}  // namespace banter::app
