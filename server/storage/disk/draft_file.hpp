// A file that becomes an object when it is whole, and is gone otherwise. All calls block.
#pragma once

#include "base/descriptor.hpp"
#include "storage/object_key.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace banter::disk {

class Folders;

/// Removed with its owner unless it was published. For one caller at a time.
class DraftFile {
public:
    /// Throws StorageFailure, also for a draft of the same key.
    DraftFile(std::shared_ptr<const Folders> folders, storage::ObjectKey key);
    ~DraftFile();
    DraftFile(DraftFile&& other) noexcept;
    DraftFile& operator=(DraftFile&&) = delete;

    /// Throws StorageFailure, storage_full while the spare would not stay free; then it is only to
    /// be dropped.
    void append(std::string_view chunk);
    /// Syncs it, moves it to its place, syncs that. Throws StorageFailure, and then it is nowhere.
    void publish();

private:
    /// Its own part in them: it may be removed after its store.
    std::shared_ptr<const Folders> folders_;
    storage::ObjectKey key_;
    Descriptor file_;
    std::size_t unsynced_bytes_ = 0;
    bool usable_ = true;
};

}  // namespace banter::disk
