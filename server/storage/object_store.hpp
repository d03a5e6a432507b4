// The bytes of files, as objects that never change: written once as a stream, read by ranges,
// removed. Who they belong to and what they are called stands in the database; a store knows keys.
//
// Every call may throw StorageFailure: busy (too much is waiting), storage_unavailable; those that
// write also storage_full.
#pragma once

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/task.hpp"
#include "model/page.hpp"
#include "storage/object_key.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::storage {

/// What ObjectReader gives at most in one piece, in bytes: few turns for a large file, little
/// memory for many slow readers.
inline constexpr std::size_t object_chunk_bytes_max = 128 * 1024;

/// An object that is being written. Nobody sees it before finish() has returned. Dropped before
/// that, or left alone by a killed process, it never was; the store may keep its bytes until
/// ObjectStore::sweep_drafts.
///
/// One call at a time. After one that failed it is only to be dropped.
class ObjectDraft {
public:
    virtual ~ObjectDraft() = default;

    /// Adds `chunk`. Returns when there is room for the next: who reads from a client only after
    /// that makes the client as slow as the store.
    ///
    /// chunk  any size; stays as it is until this returns
    [[nodiscard]] virtual Task<> append(std::string_view chunk) = 0;

    /// Makes it an object, whole and durable, at once. The last call.
    ///
    /// Throws  StorageFailure outcome_unknown: perhaps it is stored (an answer was lost)
    [[nodiscard]] virtual Task<> finish() = 0;

    /// Gives it up, as dropping it does, but waits until its bytes are gone. The last call.
    [[nodiscard]] virtual Task<> abort() = 0;
};

/// Part of an object, given piece by piece. An object that is removed meanwhile may end it with a
/// failure, never with other bytes. One call at a time.
class ObjectReader {
public:
    virtual ~ObjectReader() = default;

    /// Of the whole object, in bytes.
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    /// The next 1 to object_chunk_bytes_max bytes; none at the end of the range.
    [[nodiscard]] virtual Task<std::string> next() = 0;
};

/// Which bytes of an object. What lies beyond its end is left out.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t size = std::numeric_limits<std::uint64_t>::max();
};

/// As a sweep sees an object.
struct StoredObject {
    ObjectKey key;
    std::uint64_t size = 0;
    /// When its last byte was written, by the store's clock.
    Timestamp written_at;
};

/// An object that lies in a file.
struct LocalObject {
    /// Open for reading.
    Descriptor file;
    std::uint64_t size = 0;
};

class ObjectStore {
public:
    virtual ~ObjectStore() = default;

    /// Begins an object.
    ///
    /// key             fresh from ObjectKey::make: nothing was ever stored under it
    /// bytes_expected  refused at once with storage_full if there is no room for them; 0 if unknown
    [[nodiscard]] virtual Task<std::unique_ptr<ObjectDraft>> begin(
        ObjectKey key,
        std::uint64_t bytes_expected
    ) = 0;

    /// Nothing if there is no such object.
    [[nodiscard]] virtual Task<std::unique_ptr<ObjectReader>> open(
        ObjectKey key,
        ByteRange range
    ) = 0;

    /// The object as a file of this machine, if it is one, for the kernel to send. Nothing if it
    /// lies elsewhere, or nowhere.
    [[nodiscard]] virtual Task<std::optional<LocalObject>> open_local(ObjectKey key) {
        static_cast<void>(key);
        co_return std::nullopt;
    }

    /// In bytes. Nothing if there is no such object.
    [[nodiscard]] virtual Task<std::optional<std::uint64_t>> size(ObjectKey key) = 0;

    /// Removing what isn't there succeeds. Not durable at once: after a power cut the object may be
    /// back, for a sweep to find.
    [[nodiscard]] virtual Task<> remove(ObjectKey key) = 0;

    /// Objects that were written before `before`, in the order of their keys: what a sweep compares
    /// with the database. A page may be empty though another follows. What comes and goes meanwhile
    /// may be listed or not. A cursor that is none gives an empty page.
    [[nodiscard]] virtual Task<model::Page<StoredObject>> list(
        Timestamp before,
        std::optional<std::string> cursor
    ) = 0;

    /// Removes what is left of drafts that were begun, and last appended to, before `before`.
    /// Returns of how many. A draft that it takes from somebody can't be finished any more.
    [[nodiscard]] virtual Task<std::size_t> sweep_drafts(Timestamp before) = 0;
};

}  // namespace banter::storage
