// The database of a cluster: a PostgreSQL server, asked from the event loops themselves.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "base/sharded.hpp"
#include "storage/event_bus.hpp"
#include "storage/postgres/options.hpp"
#include "storage/postgres/outage.hpp"
#include "storage/postgres/target.hpp"
#include "storage/sql/database.hpp"
#include "storage/storage.hpp"

#include <memory>
#include <vector>

namespace banter::postgres {

class Desk;
class NodeLocks;
class Writer;
enum class Access;

/// Shared by all loops of the process; each call answers on the loop that made it. Destroyed before
/// the loops are, and while none runs.
///
/// Reads and scripts are served by links of the caller's own loop. Messages are appended by a few
/// writers, each for its share of the threads, which live on the loops too.
class PostgresDatabase final : public sql::Database {
public:
    /// Looks at the server and brings the schema up to date.
    /// Blocks for some seconds at most. `bus` gets the revocations of every transaction before its
    /// answer is posted, and its other events after that. Throws std::runtime_error with a sentence
    /// for the operator: the server can't be reached or is not suitable, the database is not ours,
    /// or was written by a newer Banter.
    PostgresDatabase(
        PostgresOptions options,
        const Loops& loops,
        const Clock& clock,
        Random& random,
        metrics::Registry& registry,
        storage::EventBus& bus
    );
    ~PostgresDatabase() override;

    [[nodiscard]] const storage::Installation& installation() const { return installation_; }

    /// Holds the place of this node among those that serve from the database. Once a second, on the
    /// first loop. True: this node is the one that does what one does for all.
    [[nodiscard]] Task<bool> keep_locks();

    /// Finishes what is under way on every loop; what comes later is refused with
    /// storage_unavailable. The loops have to run.
    [[nodiscard]] Task<> stop();

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
    [[nodiscard]] Task<std::unique_ptr<sql::Work>> submit(
        std::unique_ptr<sql::Work> work,
        Access access
    );
    [[nodiscard]] std::size_t index_of(const Executor& loop) const;
    void close(const std::string& why);

    const PostgresOptions options_;
    Loops loops_;
    std::vector<Target> targets_;
    storage::Installation installation_;
    Offload connecting_;
    Outage outage_;
    /// On the first loops.
    std::unique_ptr<Sharded<Desk>> desks_;
    std::unique_ptr<Sharded<Writer>> writers_;
    std::unique_ptr<NodeLocks> locks_;
    bool closed_ = false;
};

}  // namespace banter::postgres
