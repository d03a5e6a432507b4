// What is known of files: whose they are, which message they are part of, which objects hold their
// bytes. The bytes themselves lie in an ObjectStore.
//
// A file belongs to its uploader until it is linked to a message (MessageStore::append), and from
// then on to that message. One that is dropped is gone for everybody; its row stays until its
// objects are removed, so that no crash leaves bytes that nobody knows of.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/file.hpp"
#include "model/file_quota.hpp"
#include "model/thread.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace banter::storage {

struct NewFile {
    model::File file;
    model::UserId uploader;
    model::WorkspaceId workspace;
    std::array<std::uint8_t, 32> sha256{};
    Timestamp created_at;
    /// Whether variants of it are to be made.
    bool unrendered = false;
    /// The upload in parts that it came by; it knows its file from then on.
    std::optional<model::UploadId> upload;
};

struct FoundFile {
    model::File file;
    model::UserId uploader;
    /// The thread of its message, as the viewer sees it; nothing while it is in no message.
    std::optional<model::ThreadView> view;
};

/// Objects that nobody needs any more, and whose they were.
struct DroppedObjects {
    std::variant<model::FileId, model::UploadId> owner;
    std::vector<model::ObjectKey> objects;
};

/// What was made of a file after it was added.
struct MadePictures {
    std::vector<model::FileVariant> variants;
    /// Of what the variants show, if the file is no picture itself.
    std::optional<model::PictureFacts> poster;
};

class FileStore {
public:
    virtual ~FileStore() = default;

    /// Returns storage_full if it goes beyond the quota, unless it came by an upload, whose bytes
    /// were counted when it began; not_found if there is no such upload, or it is a file already.
    [[nodiscard]] virtual Task<Result<model::File>> add(NewFile file, model::FileQuota quota) = 0;

    /// By primary keys. Not one that was dropped.
    [[nodiscard]] virtual Task<std::optional<FoundFile>> find(
        model::FileId file,
        model::UserId viewer
    ) = 0;

    [[nodiscard]] virtual Task<model::FileUsage> used(model::UserId user) = 0;

    /// Files whose variants are to be made, the oldest first.
    [[nodiscard]] virtual Task<std::vector<model::File>> list_unrendered(std::size_t count_max) = 0;

    /// What could be made of it, perhaps nothing. A message that has the file takes a rev and is
    /// told of. False: the file was dropped meanwhile, and nothing knows of the objects.
    [[nodiscard]] virtual Task<bool> add_variants(model::FileId file, MadePictures made) = 0;

    /// Drops the files in no message that were added before `before`, and says what was dropped,
    /// by this or earlier; at most `count_max` of each.
    [[nodiscard]] virtual Task<std::vector<DroppedObjects>> drop_unlinked(
        Timestamp before,
        Timestamp now,
        std::size_t count_max
    ) = 0;

    /// After its objects were removed.
    [[nodiscard]] virtual Task<> forget(model::FileId file) = 0;

    /// Those that no file and no upload has.
    [[nodiscard]] virtual Task<std::vector<model::ObjectKey>> unknown_among(
        std::vector<model::ObjectKey> objects
    ) = 0;
};

}  // namespace banter::storage
