// The bytes of files on the server's own disk.
#pragma once

#include "base/offload.hpp"
#include "storage/disk/folders.hpp"
#include "storage/object_store.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace banter::disk {

struct DiskOptions {
    std::filesystem::path directory;
    /// Stays free on the disk whatever is uploaded, so that no message fails for a file; in bytes.
    std::uint64_t spare_bytes = 64 * 1024 * 1024;
};

/// One serves all loops: it has no state that changes. It outlives its drafts and readers.
///
/// A file is written as a draft, synced, moved to its place and synced there; what a crash leaves
/// of it is in no place where anybody looks. A draft that is dropped is unlinked by the offload, as
/// freeing some GiB takes a while; the offload's end waits for it.
class DiskObjectStore final : public storage::ObjectStore {
public:
    /// Makes the folders if they aren't there, and blocks for it. Throws StorageFailure.
    DiskObjectStore(const DiskOptions& options, Offload& offload);

    /// Refuses a key under which something is stored or being written with storage_unavailable, as
    /// late as by finish().
    [[nodiscard]] Task<std::unique_ptr<storage::ObjectDraft>> begin(
        storage::ObjectKey key,
        std::uint64_t bytes_expected
    ) override;
    [[nodiscard]] Task<std::unique_ptr<storage::ObjectReader>> open(
        storage::ObjectKey key,
        storage::ByteRange range
    ) override;
    [[nodiscard]] Task<std::optional<storage::LocalObject>> open_local(storage::ObjectKey key
    ) override;
    [[nodiscard]] Task<std::optional<std::uint64_t>> size(storage::ObjectKey key) override;
    [[nodiscard]] Task<> remove(storage::ObjectKey key) override;
    [[nodiscard]] Task<model::Page<storage::StoredObject>> list(
        Timestamp before,
        std::optional<std::string> cursor
    ) override;
    [[nodiscard]] Task<std::size_t> sweep_drafts(Timestamp before) override;

private:
    std::shared_ptr<const Folders> folders_;
    Offload& offload_;
};

}  // namespace banter::disk
