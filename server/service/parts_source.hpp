// The bytes of an upload's parts, one after the other.
#pragma once

#include "model/file.hpp"
#include "service/byte_source.hpp"
#include "storage/object_store.hpp"
#include "storage/upload_store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace banter::service {

/// Throws StorageFailure if parts are missing, as ObjectReader else.
class PartsSource final : public ByteSource {
public:
    /// is_over  may become true while it is read: it ends with not_found then
    PartsSource(
        storage::UploadStore& uploads,
        storage::ObjectStore& objects,
        const model::Upload& upload,
        const bool& is_over
    )
        : uploads_(uploads),
          objects_(objects),
          upload_(upload.id),
          left_(upload.bytes),
          is_over_(is_over) {}

    [[nodiscard]] Task<Result<std::string_view>> next() override;

private:
    [[nodiscard]] Task<> open_next();

    storage::UploadStore& uploads_;
    storage::ObjectStore& objects_;
    model::UploadId upload_;
    std::uint64_t left_;
    const bool& is_over_;
    /// The next parts, from `at_` on, which begin at `offset_` of the upload.
    std::vector<storage::UploadPart> parts_;
    std::size_t at_ = 0;
    std::uint64_t offset_ = 0;
    std::unique_ptr<storage::ObjectReader> reader_;
    std::string piece_;
};

}  // namespace banter::service
