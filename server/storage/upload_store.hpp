// Uploads that come in parts, over several requests and perhaps several nodes. Each part is an
// object of its own; what is noted here is there for good, whatever happens to the connection.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/file.hpp"
#include "model/file_quota.hpp"
#include "storage/file_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace banter::storage {

struct NewUpload {
    model::Upload upload;
    model::UserId user;
    model::WorkspaceId workspace;
    Timestamp created_at;
};

struct UploadPart {
    model::ObjectKey object;
    /// Above 0.
    std::uint64_t bytes = 0;
};

/// How many parts are given at once.
inline constexpr std::size_t upload_parts_page = 200;

class UploadStore {
public:
    virtual ~UploadStore() = default;

    /// Counts the upload's bytes as the user's until it is forgotten, or its file's are counted
    /// instead. Returns rate_limited if the user has limits::uploads_max under way, storage_full if
    /// it goes beyond the quota.
    [[nodiscard]] virtual Task<Result<model::Upload>> begin(
        NewUpload upload,
        model::FileQuota quota
    ) = 0;

    /// Of this user only; not one that was dropped.
    [[nodiscard]] virtual Task<std::optional<model::Upload>> find(
        model::UploadId upload,
        model::UserId user
    ) = 0;

    /// Adds the part that begins at `offset`, and puts the expiry off. Returns the upload as it is
    /// then; not_found, conflict (it stands at another offset).
    [[nodiscard]] virtual Task<Result<model::Upload>> extend(
        model::UploadId upload,
        std::uint64_t offset,
        UploadPart part,
        Timestamp expires_at
    ) = 0;

    /// From the one that begins at `offset`, in their order, at most upload_parts_page.
    [[nodiscard]] virtual Task<std::vector<UploadPart>> parts(
        model::UploadId upload,
        std::uint64_t offset
    ) = 0;

    /// Makes it the caller's until `until` to make a file of an upload that is whole. False: it is
    /// somebody else's, or no file is to be made any more.
    [[nodiscard]] virtual Task<bool> claim(
        model::UploadId upload,
        Timestamp now,
        Timestamp until
    ) = 0;

    /// Moves the end of the claim that ends at `until`; one that ends in the past is given up.
    /// False: the claim is lost, or the upload is a file or dropped.
    [[nodiscard]] virtual Task<bool> renew(
        model::UploadId upload,
        Timestamp until,
        Timestamp new_until
    ) = 0;

    /// False: there was none of this user.
    [[nodiscard]] virtual Task<bool> drop(model::UploadId upload, model::UserId user) = 0;

    /// Drops it because no file may be made of it, unless there is one.
    [[nodiscard]] virtual Task<> refuse(model::UploadId upload) = 0;

    /// Drops what has expired, and says of which parts nobody has need any more: those of uploads
    /// that were dropped, by this or earlier, and of those that are files. At most `count_max`
    /// uploads of each, and of one the first upload_parts_page parts.
    [[nodiscard]] virtual Task<std::vector<DroppedObjects>> drop_expired(
        Timestamp now,
        std::size_t count_max
    ) = 0;

    /// After the objects of those parts were removed: forgets the parts. An upload that was
    /// dropped, and has no more, is gone then; one that is a file still answers for it.
    [[nodiscard]] virtual Task<> forget(model::UploadId upload) = 0;
};

}  // namespace banter::storage
