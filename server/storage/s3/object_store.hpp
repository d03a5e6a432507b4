// The bytes of files at a service that speaks S3.
#pragma once

#include "base/task_group.hpp"
#include "storage/object_store.hpp"
#include "storage/s3/endpoint.hpp"

#include <memory>
#include <optional>
#include <string>

namespace banter::s3 {

/// One per shard, with the client of the shard. It outlives its drafts and readers.
///
/// What fails for a moment is tried again for some 20 s. An object takes up 12 MiB of memory while
/// it is written, however large it is, up to 58 GiB; begin() throws busy when all of them take as
/// much as they may. S3 checks the bytes against their SHA-256.
///
/// Readers have a limit of their own, and one that nobody asks for bytes makes room for others.
///
/// Every failure that an operator can mend says what to change: no such bucket, a wrong key, a
/// clock that is off.
class S3ObjectStore final : public storage::ObjectStore {
public:
    /// endings: where uploads that are dropped are ended at S3, for some 20 s each at most; waited
    /// for before the store goes.
    S3ObjectStore(
        S3Options options,
        EndpointParts parts,
        TaskGroup& endings,
        const RetryLimits& retries = {}
    );

    /// For the start: throws StorageFailure with what to change unless the bucket is there, and its
    /// objects and uploads may be listed.
    [[nodiscard]] Task<> check();

    /// For the start: makes sure that no other server has its files here, as each would sweep away
    /// the other's. An object beside the files, which no sweep touches, says whose they are. False:
    /// another's; with `take_over` they become this one's.
    ///
    /// owner  changes when the database's history does
    [[nodiscard]] Task<bool> claim(std::string owner, bool take_over);

    [[nodiscard]] Task<std::unique_ptr<storage::ObjectDraft>> begin(
        storage::ObjectKey key,
        std::uint64_t bytes_expected
    ) override;
    [[nodiscard]] Task<std::unique_ptr<storage::ObjectReader>> open(
        storage::ObjectKey key,
        storage::ByteRange range
    ) override;
    [[nodiscard]] Task<std::optional<std::uint64_t>> size(storage::ObjectKey key) override;
    [[nodiscard]] Task<> remove(storage::ObjectKey key) override;
    [[nodiscard]] Task<model::Page<storage::StoredObject>> list(
        Timestamp before,
        std::optional<std::string> cursor
    ) override;
    [[nodiscard]] Task<std::size_t> sweep_drafts(Timestamp before) override;

private:
    [[nodiscard]] std::optional<storage::ObjectKey> parse_key(std::string_view key) const;
    [[nodiscard]] Task<ObjectsPage> load_page(std::string start_after, std::size_t count_max);
    [[nodiscard]] Task<UploadsPage> load_uploads(UploadsPage after, std::size_t count_max);
    [[nodiscard]] Task<bool> is_left(ListedUpload upload, Timestamp before);

    Endpoint endpoint_;
    TaskGroup& endings_;
};

}  // namespace banter::s3
