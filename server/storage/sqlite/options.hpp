// How the embedded database is opened.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace banter::sqlite {

/// Faults planted by the power-cut test, which has to find them. Never set otherwise.
enum class Fault {
    none,
    /// synchronous=OFF
    no_sync,
    /// Answers are posted before the COMMIT.
    acknowledge_before_commit
};

/// Told on the loop itself: true when it hands writes over; false, once for each true, when the
/// answers and the events of the batch that ended the hand-over have been posted.
using InFlight = std::function<void(std::size_t loop, bool in_flight)>;

/// Calls `call` once at the end of the present turn of loop `loop`, whose thread of execution this
/// is.
using AtTurnEnd = std::function<void(std::size_t loop, std::function<void()> call)>;

struct SqliteOptions {
    std::filesystem::path directory;
    /// In the directory, which is locked for it.
    std::string file_name = "banter.db";

    /// Writes that may wait, in items; one more is refused as busy.
    std::size_t queue_items_max = 8192;
    /// Items of one transaction: beyond about a thousand the sync is paid for.
    std::size_t batch_items_max = 1024;
    /// Reads that may wait for one reader.
    std::size_t reads_waiting_max = 8192;
    /// The WAL is checkpointed when it has grown by so much.
    std::size_t wal_bytes_max = 16 * 1024 * 1024;
    /// Page caches. The writer's holds the leaves that sends go to; SQLite takes memory as it fills
    /// them.
    std::size_t writer_cache_bytes = 64 * 1024 * 1024;
    std::size_t reader_cache_bytes = 4 * 1024 * 1024;

    InFlight in_flight;
    /// Without it writes are handed over when the handlers that are ready on the loop have run.
    AtTurnEnd at_turn_end;

    /// Name of a registered VFS; empty: SQLite's own.
    std::string vfs;
    Fault fault = Fault::none;
};

}  // namespace banter::sqlite
