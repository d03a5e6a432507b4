// Reads of one loop: a thread of execution with a connection that can't write. Each read is one
// short transaction, so it sees one snapshot and doesn't hold up checkpoints.
#pragma once

#include "base/metrics.hpp"
#include "base/task.hpp"
#include "storage/sql/database.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/handle.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/scripts.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>

namespace banter::sqlite {

class Reader {
public:
    Reader(
        const SqliteOptions& options,
        std::unique_ptr<Handle> handle,
        metrics::Registry& registry
    );
    /// Stops.
    ~Reader();

    /// Runs `work` there and gives it back on the caller's loop.
    /// Throws StorageFailure: busy (too many wait), storage_unavailable (stopped).
    [[nodiscard]] Task<std::unique_ptr<sql::Work>> run(std::unique_ptr<sql::Work> work);

    /// Finishes what waits, then ends. Idempotent.
    void stop();

private:
    void admit();
    void run_here(sql::Work& work);

    std::size_t waiting_max_;
    std::atomic<std::size_t> waiting_{0};
    std::atomic<bool> stopping_{false};

    std::unique_ptr<Handle> handle_;
    SqliteConnection connection_;
    Scripts scripts_;
    metrics::Histogram& read_seconds_;
    asio::io_context loop_{1};
    asio::executor_work_guard<Executor> has_work_;
    std::jthread worker_;
};

}  // namespace banter::sqlite
