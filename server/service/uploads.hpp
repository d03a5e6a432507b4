// Uploads in parts, over several requests: each request adds what it brought, however it ended, and
// the last makes the file. Parts are objects of their own, so that any node goes on where another
// stopped.
#pragma once

#include "service/completions.hpp"
#include "service/files.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace banter::service {

/// What a client wants to upload.
struct UploadRequest {
    std::string name;
    std::string claimed_type;
    /// All that the client said of it.
    std::string metadata;
    std::uint64_t bytes = 0;
};

class Uploads {
public:
    Uploads(
        Files& files,
        Completions& completions,
        storage::Storage& storage,
        storage::FileStorage& file_storage,
        const Clock& clock,
        Random& random,
        model::IdMaker& ids
    );

    /// Begins an upload, with what `first` gives if it isn't null. If that is all, it becomes a
    /// file. What fails, or ends early, leaves no upload: its address is in the answer.
    ///
    /// Returns too_large, storage_full, rate_limited; what `first` says; as Completions::finish
    [[nodiscard]] Task<Result<UploadProgress>> begin(
        Caller caller,
        UploadRequest request,
        ByteSource* first
    );

    /// One that is whole becomes a file if it is none yet.
    ///
    /// Returns as Completions::finish
    [[nodiscard]] Task<Result<UploadProgress>> find(Caller caller, model::UploadId upload);

    /// Adds what `source` gives, up to its end or its failure. When all is there it becomes a file.
    ///
    /// Returns not_found, conflict (the upload stands at another offset, or somebody else went on
    /// with it meanwhile), too_large (the source gives more than is left, or there are too many
    /// parts), rate_limited; as Completions::finish
    [[nodiscard]] Task<Result<UploadProgress>> extend(
        Caller caller,
        model::UploadId upload,
        std::uint64_t offset,
        ByteSource& source
    );

    /// not_found
    [[nodiscard]] Task<std::optional<Error>> end(Caller caller, model::UploadId upload);

private:
    /// What came of a source, and why it ended early if it did.
    struct StoredPart {
        storage::UploadPart part;
        std::optional<Error> cut;
        /// No sweep takes its object until the database knows it.
        storage::FreshObjects::Claim claim;
    };
    struct Growth {
        model::Upload upload;
        std::optional<Error> cut;
    };

    [[nodiscard]] Task<Result<model::Upload>> note(Caller caller, UploadRequest request);
    /// While it holds a slot.
    [[nodiscard]] Task<Result<model::Upload>> begin_with(
        Caller caller,
        UploadRequest request,
        ByteSource& first
    );
    /// While it holds a slot.
    [[nodiscard]] Task<Result<model::Upload>> extend_with(
        Caller caller,
        model::Upload upload,
        ByteSource& source
    );
    [[nodiscard]] Task<Result<Growth>> grow(model::Upload upload, ByteSource& source);
    [[nodiscard]] Task<Result<StoredPart>> store_part(std::uint64_t bytes_max, ByteSource& source);
    /// Makes it a file if it is whole.
    [[nodiscard]] Task<Result<UploadProgress>> finish(Caller caller, model::Upload upload);

    Files& files_;
    Completions& completions_;
    storage::Storage& storage_;
    storage::FileStorage& file_storage_;
    const Clock& clock_;
    Random& random_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
