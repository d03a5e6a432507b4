// Files: upload, find, and give out what a link leads to.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/file_quota.hpp"
#include "model/id.hpp"
#include "model/limits.hpp"
#include "service/caller.hpp"
#include "service/file_intake.hpp"
#include "service/upload_slots.hpp"
#include "storage/storage.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

struct FileRules {
    IntakeRules intake;
    model::FileQuota quota;
    /// Of one user, on one shard: a browser has six connections. 0: no limit.
    std::size_t uploads_at_once = 10;
    /// A file that is in no message is dropped after so long.
    std::chrono::milliseconds unlinked_lifetime{};
    /// How long a request waits for the file of an upload in parts.
    std::chrono::milliseconds upload_wait = model::limits::upload_wait;
};

/// The bytes that a link leads to.
struct LinkedBytes {
    storage::SignedFile file;
    std::uint64_t size = 0;
    /// Where they lie in a file of this machine.
    std::optional<Descriptor> local;
};

class Files {
public:
    using Reader = std::unique_ptr<storage::ObjectReader>;
    using Range = storage::ByteRange;

    Files(
        const FileRules& rules,
        storage::Storage& storage,
        storage::FileStorage& file_storage,
        const Clock& clock,
        Random& random,
        model::IdMaker& ids
    );

    /// The file belongs to the caller until it is sent with a message.
    ///
    /// Returns as FileIntake::take; storage_full by the quota; rate_limited
    [[nodiscard]] Task<Result<model::File>> upload(
        Caller caller,
        IncomingFile incoming,
        ByteSource& source
    );

    /// Keeps what was taken in, and forgets its bytes if it can't.
    [[nodiscard]] Task<Result<model::File>> keep(
        Caller caller,
        TakenFile taken,
        std::optional<model::UploadId> upload
    );

    /// One's own, and that of a message that the caller may read. not_found for every other.
    [[nodiscard]] Task<Result<model::File>> find(Caller caller, model::FileId file);

    /// storage_full if so many more bytes would go beyond the quota.
    [[nodiscard]] Task<std::optional<Error>> refused_quota(Caller caller, std::uint64_t bytes);

    /// What a link to this server leads to: forbidden for one that isn't good, or over; not_found
    /// for a file that is gone.
    ///
    /// target  path and query as they came
    [[nodiscard]] Task<Result<LinkedBytes>> open(std::string target);

    /// Some of them. Null if they are gone meanwhile.
    [[nodiscard]] Task<Reader> read(model::ObjectKey object, storage::ByteRange range) {
        return file_storage_.objects.open(object, range);
    }

    [[nodiscard]] FileIntake& intake() { return intake_; }
    [[nodiscard]] UploadSlots& slots() { return slots_; }
    [[nodiscard]] const model::FileQuota& quota() const { return rules_.quota; }

private:
    const FileRules& rules_;
    storage::Storage& storage_;
    storage::FileStorage& file_storage_;
    const Clock& clock_;
    model::IdMaker& ids_;
    FileIntake intake_;
    UploadSlots slots_;
};

}  // namespace banter::service
