// A copy of the database that is made while the server writes to it, step by step between batches.
#pragma once

#include "base/offload.hpp"
#include "base/task.hpp"
#include "storage/sqlite/snapshot.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace banter::sqlite {

class Writer;

/// For one loop. What is not finished is abandoned with it.
class LiveCopy {
public:
    /// directory: where the copy has its place until it is closed.
    LiveCopy(Writer& writer, Offload& offload, std::filesystem::path directory);
    ~LiveCopy();
    LiveCopy(const LiveCopy&) = delete;
    LiveCopy& operator=(const LiveCopy&) = delete;

    /// First. Throws StorageFailure: busy if another copy is being made, storage_full if there is
    /// no space for it, storage_unavailable.
    [[nodiscard]] Task<CopyProgress> begin();
    /// Holds up a batch by well below a millisecond; until no page is left. Throws as begin() does.
    [[nodiscard]] Task<CopyProgress> step();
    /// Once, when no page is left.
    [[nodiscard]] Task<DatabaseCopy> finish();

private:
    /// Syncs what was copied, and looks whether there is space for the rest.
    [[nodiscard]] Task<> settle();

    Writer& writer_;
    Offload& offload_;
    std::filesystem::path directory_;
    int file_ = -1;
    CopyProgress progress_;
    /// How much larger the database was at the last step than at the one before.
    std::size_t grown_pages_ = 0;
    std::size_t unsynced_pages_ = 0;
    bool begun_ = false;
};

}  // namespace banter::sqlite
