#include "service/uploads.hpp"

#include "model/file_name.hpp"
#include "model/limits.hpp"
#include "service/refusals.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace banter::service {

namespace {

/// Before its bytes are read. Every part has some, so at one offset there are always as many parts.
std::optional<Error> refused_part(const model::Upload& upload) {
    if (upload.parts < model::limits::upload_parts_max) return std::nullopt;
    const std::string count = std::to_string(model::limits::upload_parts_max);
    return Error{
        Errc::too_large, "an upload has at most " + count + " parts: begin anew with larger ones"};
}

}  // namespace

Uploads::Uploads(
    Files& files,
    Completions& completions,
    storage::Storage& storage,
    storage::FileStorage& file_storage,
    const Clock& clock,
    Random& random,
    model::IdMaker& ids
)
    : files_(files),
      completions_(completions),
      storage_(storage),
      file_storage_(file_storage),
      clock_(clock),
      random_(random),
      ids_(ids) {}

Task<Result<UploadProgress>> Uploads::begin(
    Caller caller,
    UploadRequest request,
    ByteSource* first
) {
    if (auto refused = files_.intake().refused_size(request.bytes)) co_return std::move(*refused);
    if (first == nullptr) {
        auto upload = co_await note(caller, std::move(request));
        if (!upload) co_return std::move(upload).error();
        co_return UploadProgress{*std::move(upload)};
    }
    auto upload = co_await begin_with(caller, std::move(request), *first);
    if (!upload) co_return std::move(upload).error();
    co_return co_await finish(caller, *std::move(upload));
}

Task<Result<model::Upload>> Uploads::note(Caller caller, UploadRequest request) {
    const Timestamp now = clock_.now();
    storage::NewUpload upload;
    upload.upload.id = ids_.make<model::UploadId>();
    upload.upload.name = model::file_name(request.name);
    upload.upload.claimed_type = std::move(request.claimed_type);
    upload.upload.metadata = std::move(request.metadata);
    upload.upload.bytes = request.bytes;
    upload.upload.expires_at = now + model::limits::upload_lifetime;
    upload.user = caller.user;
    upload.workspace = caller.workspace;
    upload.created_at = now;
    co_return co_await storage_.uploads.begin(std::move(upload), files_.quota());
}

Task<Result<model::Upload>> Uploads::begin_with(
    Caller caller,
    UploadRequest request,
    ByteSource& first
) {
    const UploadSlots::Slot slot = files_.slots().take(caller.user);
    if (!slot) co_return UploadSlots::refusal();
    auto upload = co_await note(caller, std::move(request));
    if (!upload) co_return upload;
    std::exception_ptr failure;
    Error refused;
    try {
        auto grown = co_await grow(*upload, first);
        if (grown && !grown->cut) co_return std::move(grown->upload);
        refused = grown ? *std::move(grown->cut) : std::move(grown).error();
    } catch (...) {
        failure = std::current_exception();
    }
    // Nobody learns of it now.
    co_await storage_.uploads.drop(upload->id, caller.user);
    if (failure) std::rethrow_exception(failure);
    co_return refused;
}

Task<Result<UploadProgress>> Uploads::find(Caller caller, model::UploadId id) {
    auto upload = co_await storage_.uploads.find(id, caller.user);
    if (!upload) co_return no_such_upload();
    co_return co_await finish(caller, *std::move(upload));
}

Task<Result<UploadProgress>> Uploads::extend(
    Caller caller,
    model::UploadId id,
    std::uint64_t offset,
    ByteSource& source
) {
    auto upload = co_await storage_.uploads.find(id, caller.user);
    if (!upload) co_return no_such_upload();
    if (upload->offset != offset) {
        co_return Error{Errc::conflict, "the upload does not stand at this offset"};
    }
    if (upload->offset == upload->bytes) co_return co_await finish(caller, *std::move(upload));
    auto extended = co_await extend_with(caller, *std::move(upload), source);
    if (!extended) co_return std::move(extended).error();
    co_return co_await finish(caller, *std::move(extended));
}

/// Whatever came is kept: that the source failed then is for the next request to mend.
Task<Result<model::Upload>> Uploads::extend_with(
    Caller caller,
    model::Upload upload,
    ByteSource& source
) {
    const UploadSlots::Slot slot = files_.slots().take(caller.user);
    if (!slot) co_return UploadSlots::refusal();
    auto grown = co_await grow(std::move(upload), source);
    if (!grown) co_return std::move(grown).error();
    co_return std::move(grown->upload);
}

Task<Result<Uploads::Growth>> Uploads::grow(model::Upload upload, ByteSource& source) {
    if (upload.bytes == 0) co_return Growth{std::move(upload), std::nullopt};
    if (auto refused = refused_part(upload)) co_return *std::move(refused);
    auto stored = co_await store_part(upload.bytes - upload.offset, source);
    if (!stored) co_return std::move(stored).error();
    const storage::UploadPart part = stored->part;
    if (part.bytes == 0) co_return Growth{std::move(upload), std::move(stored->cut)};
    const Timestamp expires_at = clock_.now() + model::limits::upload_lifetime;
    auto extended = co_await storage_.uploads.extend(upload.id, upload.offset, part, expires_at);
    if (!extended) {
        co_await file_storage_.objects.remove(part.object);
        co_return std::move(extended).error();
    }
    co_return Growth{*std::move(extended), std::move(stored->cut)};
}

Task<Result<Uploads::StoredPart>> Uploads::store_part(std::uint64_t bytes_max, ByteSource& source) {
    StoredPart stored;
    stored.claim = file_storage_.fresh.make(random_);
    stored.part.object = stored.claim.key();
    std::unique_ptr<storage::ObjectDraft> draft;
    for (;;) {
        auto piece = co_await source.next();
        if (!piece) {
            stored.cut = std::move(piece).error();
            break;
        }
        if (piece->empty()) break;
        if (piece->size() > bytes_max - stored.part.bytes) {
            co_return Error{Errc::too_large, "there is more than the upload's length"};
        }
        if (draft == nullptr) {
            const std::uint64_t expected =
                std::min(bytes_max, piece->size() + source.left().value_or(bytes_max));
            draft = co_await file_storage_.objects.begin(stored.part.object, expected);
        }
        stored.part.bytes += piece->size();
        co_await draft->append(*piece);
    }
    if (draft != nullptr) co_await draft->finish();
    co_return stored;
}

Task<Result<UploadProgress>> Uploads::finish(Caller caller, model::Upload upload) {
    if (!upload.awaits_file()) co_return UploadProgress{std::move(upload)};
    co_return co_await completions_.finish(caller, std::move(upload));
}

Task<std::optional<Error>> Uploads::end(Caller caller, model::UploadId upload) {
    const bool dropped = co_await storage_.uploads.drop(upload, caller.user);
    if (dropped) co_return std::nullopt;
    co_return no_such_upload();
}

}  // namespace banter::service
