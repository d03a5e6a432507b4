#include "service/uploads.hpp"

#include "model/file_name.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/refusals.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace banter::service {

namespace {

/// The bytes of the parts, one after the other.
class PartsSource final : public ByteSource {
public:
    PartsSource(storage::ObjectStore& objects, std::vector<storage::UploadPart> parts)
        : objects_(objects), parts_(std::move(parts)) {}

    Task<Result<std::string_view>> next() override {
        piece_.clear();
        while (piece_.empty() && at_ < parts_.size()) {
            if (reader_ == nullptr) {
                reader_ = co_await objects_.open(parts_[at_].object, storage::ByteRange());
                if (reader_ == nullptr) {
                    throw StorageFailure(Errc::storage_unavailable, "a part of an upload is gone");
                }
            }
            piece_ = co_await reader_->next();
            if (!piece_.empty()) break;
            reader_.reset();
            ++at_;
        }
        co_return std::string_view(piece_);
    }

private:
    storage::ObjectStore& objects_;
    std::vector<storage::UploadPart> parts_;
    std::size_t at_ = 0;
    std::unique_ptr<storage::ObjectReader> reader_;
    std::string piece_;
};

bool is_whole(const std::vector<storage::UploadPart>& parts, std::uint64_t bytes) {
    for (const auto& part : parts) bytes -= part.bytes;
    return bytes == 0;
}

}  // namespace

Uploads::Uploads(
    Files& files,
    storage::Storage& storage,
    storage::FileStorage& file_storage,
    const Clock& clock,
    Random& random,
    model::IdMaker& ids
)
    : files_(files),
      storage_(storage),
      file_storage_(file_storage),
      clock_(clock),
      random_(random),
      ids_(ids) {}

Task<Result<model::Upload>> Uploads::begin(Caller caller, UploadRequest request) {
    if (auto refused = files_.intake().refused_size(request.bytes)) co_return std::move(*refused);
    auto refused = co_await files_.refused_quota(caller, request.bytes);
    if (refused) co_return std::move(*refused);
    const Timestamp now = clock_.now();
    storage::NewUpload upload;
    upload.upload = model::Upload{
        .id = ids_.make<model::UploadId>(),
        .name = model::file_name(request.name),
        .claimed_type = std::move(request.claimed_type),
        .metadata = std::move(request.metadata),
        .bytes = request.bytes,
        .offset = 0,
        .expires_at = now + model::limits::upload_lifetime,
        .file = std::nullopt,
    };
    upload.user = caller.user;
    upload.workspace = caller.workspace;
    upload.created_at = now;
    co_return co_await storage_.uploads.begin(std::move(upload));
}

Task<Result<model::Upload>> Uploads::find(Caller caller, model::UploadId upload) {
    auto found = co_await storage_.uploads.find(upload, caller.user);
    if (!found) co_return no_such_upload();
    co_return *std::move(found);
}

Task<Result<UploadProgress>> Uploads::extend(
    Caller caller,
    model::UploadId id,
    std::uint64_t offset,
    ByteSource& source
) {
    const UploadSlots::Slot slot = files_.slots().take(caller.user);
    if (!slot) co_return UploadSlots::refusal();
    auto upload = co_await find(caller, id);
    if (!upload) co_return std::move(upload).error();
    if (upload->offset != offset) {
        co_return Error{Errc::conflict, "the upload does not stand at this offset"};
    }
    if (!upload->file && upload->offset < upload->bytes) {
        auto part = co_await store_part(upload->bytes - upload->offset, source);
        if (!part) co_return std::move(part).error();
        if (part->bytes > 0) {
            const Timestamp expires_at = clock_.now() + model::limits::upload_lifetime;
            upload = co_await storage_.uploads.extend(id, offset, *part, expires_at);
            if (!upload) {
                co_await file_storage_.objects.remove(part->object);
                co_return std::move(upload).error();
            }
        }
    }
    if (upload->file || upload->offset < upload->bytes) {
        co_return UploadProgress{*std::move(upload), std::nullopt};
    }
    co_return co_await complete(caller, *std::move(upload));
}

/// Whatever came is kept: that the source failed then is for the next request to mend.
Task<Result<storage::UploadPart>> Uploads::store_part(std::uint64_t bytes_max, ByteSource& source) {
    storage::UploadPart part;
    part.object = model::ObjectKey::make(random_);
    std::unique_ptr<storage::ObjectDraft> draft;
    for (;;) {
        const auto piece = co_await source.next();
        if (!piece || piece->empty()) break;
        if (piece->size() > bytes_max - part.bytes) {
            co_return Error{Errc::too_large, "there is more than the upload's length"};
        }
        if (draft == nullptr) draft = co_await file_storage_.objects.begin(part.object, 0);
        part.bytes += piece->size();
        co_await draft->append(*piece);
    }
    if (draft != nullptr) co_await draft->finish();
    co_return part;
}

Task<Result<UploadProgress>> Uploads::complete(Caller caller, model::Upload upload) {
    auto parts = co_await storage_.uploads.parts(upload.id);
    if (!is_whole(parts, upload.bytes)) co_return co_await completed_elsewhere(caller, upload.id);
    IncomingFile incoming{
        .name = upload.name,
        .claimed_type = upload.claimed_type,
        .bytes_expected = upload.bytes,
    };
    PartsSource source(file_storage_.objects, parts);
    auto taken = co_await files_.intake().take(std::move(incoming), source);
    std::optional<Error> refused;
    if (taken) {
        auto kept = co_await files_.keep(caller, *std::move(taken), upload.id);
        if (kept) {
            upload.file = kept->id;
        } else if (kept.error().code == Errc::not_found) {
            co_return co_await completed_elsewhere(caller, upload.id);
        } else {
            refused = std::move(kept).error();
        }
    } else {
        refused = std::move(taken).error();
    }
    if (refused) {
        co_await storage_.uploads.drop(upload.id, caller.user);
    } else {
        // What isn't removed now goes when the upload expires.
        for (const auto& part : parts) co_await file_storage_.objects.remove(part.object);
        co_await storage_.uploads.forget_parts(upload.id);
    }
    co_return UploadProgress{std::move(upload), std::move(refused)};
}

/// Another request for the same upload was the first to make the file.
Task<Result<UploadProgress>> Uploads::completed_elsewhere(Caller caller, model::UploadId id) {
    auto upload = co_await find(caller, id);
    if (!upload) co_return std::move(upload).error();
    if (upload->file) co_return UploadProgress{*std::move(upload), std::nullopt};
    co_return Error{Errc::conflict, "another request is completing this upload"};
}

Task<std::optional<Error>> Uploads::end(Caller caller, model::UploadId upload) {
    const bool dropped = co_await storage_.uploads.drop(upload, caller.user);
    if (dropped) co_return std::nullopt;
    co_return no_such_upload();
}

}  // namespace banter::service
