// Uploads that come in parts, over several requests and perhaps several nodes. Each part is an
// object of its own; what is noted here is there for good, whatever happens to the connection.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/file.hpp"
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

class UploadStore {
public:
    virtual ~UploadStore() = default;

    /// Returns too_large if the user has limits::uploads_max already.
    [[nodiscard]] virtual Task<Result<model::Upload>> begin(NewUpload upload) = 0;

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

    /// In their order.
    [[nodiscard]] virtual Task<std::vector<UploadPart>> parts(model::UploadId upload) = 0;

    /// False: there was none of this user.
    [[nodiscard]] virtual Task<bool> drop(model::UploadId upload, model::UserId user) = 0;

    /// Drops what has expired, and says what was dropped, by this or earlier; at most `count_max`
    /// of each.
    [[nodiscard]] virtual Task<std::vector<DroppedObjects>> drop_expired(
        Timestamp now,
        std::size_t count_max
    ) = 0;

    /// After the objects of its parts were removed.
    [[nodiscard]] virtual Task<> forget(model::UploadId upload) = 0;
    /// The same, for one that has become a file and still answers for it.
    [[nodiscard]] virtual Task<> forget_parts(model::UploadId upload) = 0;
};

}  // namespace banter::storage
