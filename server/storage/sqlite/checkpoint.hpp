// When the write-ahead log goes into the database file. On the writer's own thread of execution.
#pragma once

#include "base/metrics.hpp"
#include "storage/sqlite/handle.hpp"

#include <cstddef>

namespace banter::sqlite {

class Checkpoint {
public:
    /// Learns from the handle's commits how long the log is; the handle's own checkpoints are off.
    Checkpoint(Handle& handle, std::size_t wal_bytes_max, metrics::Registry& registry);
    ~Checkpoint();
    Checkpoint(const Checkpoint&) = delete;
    Checkpoint& operator=(const Checkpoint&) = delete;

    /// After the answers of a batch: copies as much as no reader stands in the way of, each time
    /// that the log has grown by wal_bytes_max. A log that readers have kept from starting anew is
    /// made to.
    void after_batch();
    /// When nothing is to do: copies all and empties the file.
    void when_idle();
    [[nodiscard]] bool is_log_empty() const { return log_frames_ == 0; }

private:
    static int on_commit(void* self, sqlite3* database, const char* name, int frames);
    void run(int mode);

    Handle& handle_;
    std::size_t frames_max_;
    std::size_t log_frames_ = 0;
    /// How long the log was at the last checkpoint.
    std::size_t copied_frames_ = 0;
    metrics::Counter& checkpoints_;
};

}  // namespace banter::sqlite
