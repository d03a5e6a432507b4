// The folders of the disk store, and the calls on them. All of them block.
//
//   DIR/drafts/KEY      files that are being written, or that a killed process left
//   DIR/00 … DIR/ff     whole ones, by the first two digits of their key
//
// Below DIR everything is reached from a descriptor of its folder, and no link is followed.
#pragma once

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "model/page.hpp"
#include "storage/object_key.hpp"
#include "storage/object_store.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace banter::disk {

struct OpenedObject {
    Descriptor file;
    std::uint64_t size = 0;
};

/// Nothing of it changes after construction: all threads of execution may call it. Every call that
/// is not noexcept throws StorageFailure.
class Folders {
public:
    /// Makes the folders that aren't there, for their owner's eyes only.
    ///
    /// spare_bytes  stay free on the disk whatever is written
    Folders(const std::filesystem::path& directory, std::uint64_t spare_bytes);

    /// Throws storage_full unless `bytes` more leave the spare free.
    void require_space(std::uint64_t bytes) const;

    [[nodiscard]] Descriptor create_draft(storage::ObjectKey key) const;
    /// Makes the draft, which is synced, the object of its key. If it throws, neither is there.
    void publish_draft(storage::ObjectKey key) const;
    void remove_draft(storage::ObjectKey key) const noexcept;

    [[nodiscard]] std::optional<OpenedObject> open(storage::ObjectKey key) const;
    void remove(storage::ObjectKey key) const;

    /// As ObjectStore::list and sweep_drafts; a page has at most `count_max` objects.
    [[nodiscard]] model::Page<storage::StoredObject> list(
        Timestamp before,
        const std::optional<std::string>& cursor,
        std::size_t count_max
    ) const;
    std::size_t sweep_drafts(Timestamp before) const;

private:
    /// Of the objects whose key begins with `first`.
    [[nodiscard]] Descriptor open_shard(std::uint8_t first) const;

    Descriptor root_;
    Descriptor drafts_;
    std::uint64_t spare_bytes_;
};

}  // namespace banter::disk
