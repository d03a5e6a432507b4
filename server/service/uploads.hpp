// Uploads in parts, over several requests: each request adds what it brought, however it ended, and
// the last makes the file. Parts are objects of their own, so that any node goes on where another
// stopped.
#pragma once

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

/// An upload after some of it came.
struct UploadProgress {
    model::Upload upload;
    /// Why no file was made of what is whole now: the upload is dropped.
    std::optional<Error> refused;
};

class Uploads {
public:
    Uploads(
        Files& files,
        storage::Storage& storage,
        storage::FileStorage& file_storage,
        const Clock& clock,
        Random& random,
        model::IdMaker& ids
    );

    /// Returns too_large, storage_full
    [[nodiscard]] Task<Result<model::Upload>> begin(Caller caller, UploadRequest request);

    [[nodiscard]] Task<Result<model::Upload>> find(Caller caller, model::UploadId upload);

    /// Adds what `source` gives, up to its end or its failure. When all is there it becomes a file.
    ///
    /// Returns not_found, conflict (the upload stands at another offset, or somebody else went on
    /// with it meanwhile), too_large (the source gives more than is left), rate_limited
    [[nodiscard]] Task<Result<UploadProgress>> extend(
        Caller caller,
        model::UploadId upload,
        std::uint64_t offset,
        ByteSource& source
    );

    /// not_found
    [[nodiscard]] Task<std::optional<Error>> end(Caller caller, model::UploadId upload);

private:
    [[nodiscard]] Task<Result<storage::UploadPart>> store_part(
        std::uint64_t bytes_max,
        ByteSource& source
    );
    /// Of the parts a file.
    [[nodiscard]] Task<Result<UploadProgress>> complete(Caller caller, model::Upload upload);

    [[nodiscard]] Task<Result<UploadProgress>> completed_elsewhere(
        Caller caller,
        model::UploadId upload
    );

    Files& files_;
    storage::Storage& storage_;
    storage::FileStorage& file_storage_;
    const Clock& clock_;
    Random& random_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
