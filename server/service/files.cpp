#include "service/files.hpp"

#include "service/permissions.hpp"
#include "service/refusals.hpp"

#include <utility>

namespace banter::service {

Files::Files(
    const FileRules& rules,
    storage::Storage& storage,
    storage::FileStorage& file_storage,
    const Clock& clock,
    Random& random,
    model::IdMaker& ids
)
    : rules_(rules),
      storage_(storage),
      file_storage_(file_storage),
      clock_(clock),
      ids_(ids),
      intake_(rules.intake, file_storage, random),
      slots_(rules.uploads_at_once) {}

Task<Result<model::File>> Files::upload(Caller caller, IncomingFile incoming, ByteSource& source) {
    const UploadSlots::Slot slot = slots_.take(caller.user);
    if (!slot) co_return UploadSlots::refusal();
    auto refused = co_await refused_quota(caller, incoming.bytes_expected);
    if (refused) co_return std::move(*refused);
    incoming.uploader = caller.user;
    auto taken = co_await intake_.take(std::move(incoming), source);
    if (!taken) co_return std::move(taken).error();
    co_return co_await keep(caller, *std::move(taken), std::nullopt);
}

Task<Result<model::File>> Files::keep(
    Caller caller,
    TakenFile taken,
    std::optional<model::UploadId> upload
) {
    const model::ObjectKey object = taken.file.object;
    storage::NewFile file{
        .file = std::move(taken.file),
        .uploader = caller.user,
        .workspace = caller.workspace,
        .sha256 = taken.sha256,
        .created_at = clock_.now(),
        .unrendered = taken.unrendered,
        .upload = upload,
    };
    file.file.id = ids_.make<model::FileId>();
    auto added = co_await storage_.files.add(std::move(file), rules_.quota);
    // Where this fails too, or the database does, the sweep finds the object.
    if (!added) co_await file_storage_.objects.remove(object);
    co_return added;
}

Task<Result<model::File>> Files::find(Caller caller, model::FileId file) {
    auto found = co_await storage_.files.find(file, caller.user);
    if (!found) co_return no_such_file();
    const bool hidden = found->view ? permissions::may_read(caller, *found->view).has_value()
                                    : found->uploader != caller.user;
    if (hidden) co_return no_such_file();
    co_return std::move(found->file);
}

Task<std::optional<Error>> Files::refused_quota(Caller caller, std::uint64_t bytes) {
    if (!rules_.quota.limits()) co_return std::nullopt;
    const model::FileUsage used = co_await storage_.files.used(caller.user);
    co_return model::refused_by(rules_.quota, used, bytes);
}

Task<Result<LinkedBytes>> Files::open(std::string target) {
    const Error no_good_link{Errc::forbidden, "the link is over, or none of this server"};
    if (file_storage_.links == nullptr) co_return no_good_link;
    auto file = file_storage_.links->verify(target, clock_.now());
    if (!file) co_return no_good_link;
    const model::ObjectKey key = file->key;
    LinkedBytes bytes;
    bytes.file = *std::move(file);
    auto local = co_await file_storage_.objects.open_local(key);
    if (local) {
        bytes.size = local->size;
        bytes.local = std::move(local->file);
        co_return bytes;
    }
    const auto size = co_await file_storage_.objects.size(key);
    if (!size) co_return no_such_file();
    bytes.size = *size;
    co_return bytes;
}

}  // namespace banter::service
