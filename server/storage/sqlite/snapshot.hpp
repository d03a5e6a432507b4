// A copy of the database as it is at one moment, made in steps while it is written to.
//
// SQLite's backup reads through the connection that writes, so a page that changes after it was
// copied is copied again with the write itself. Thus no read transaction stays open, the log can be
// checkpointed all the while, and the last step leaves the copy as the database is then.
#pragma once

#include "base/descriptor.hpp"
#include "storage/sqlite/handle.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace banter::sqlite {

/// A database file without a name: it is gone with its descriptor.
struct DatabaseCopy {
    Descriptor file;
    std::uint64_t bytes = 0;
    /// How many migrations it has seen.
    std::int64_t schema = 0;
    std::string epoch;
};

/// Pages; none is left when the copy is whole.
struct CopyProgress {
    std::size_t left = 0;
    std::size_t all = 0;
};

/// On the thread of execution of the connection that it reads through.
class Snapshot {
public:
    /// Makes the file in `directory`, where there has to be space for it.
    Snapshot(Handle& source, const std::filesystem::path& directory);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    /// Copies at most so many pages, between two transactions of the source. After the step that
    /// leaves none it is not to be called again. Throws StorageFailure, also storage_full.
    CopyProgress copy(int pages);

    /// The file as it grows, to be synced by whoever has the time.
    [[nodiscard]] int descriptor() const { return *file_; }
    /// Once, when no page is left: what was copied. Not synced.
    [[nodiscard]] DatabaseCopy take();

private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    struct Finish {
        void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
    };

    void open(const std::filesystem::path& directory);

    Handle& source_;
    Descriptor file_;
    std::unique_ptr<sqlite3, Close> target_;
    std::unique_ptr<sqlite3_backup, Finish> backup_;
};

}  // namespace banter::sqlite
