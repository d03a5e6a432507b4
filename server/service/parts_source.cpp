#include "service/parts_source.hpp"

#include "service/refusals.hpp"

namespace banter::service {

Task<Result<std::string_view>> PartsSource::next() {
    piece_.clear();
    while (left_ > 0 && piece_.empty()) {
        if (is_over_) co_return no_such_upload();
        if (reader_ == nullptr) co_await open_next();
        piece_ = co_await reader_->next();
        if (piece_.empty()) reader_.reset();
    }
    if (piece_.size() > left_) {
        throw StorageFailure(Errc::storage_unavailable, "a part of an upload has grown");
    }
    left_ -= piece_.size();
    co_return std::string_view(piece_);
}

Task<> PartsSource::open_next() {
    if (at_ == parts_.size()) {
        parts_ = co_await uploads_.parts(upload_, offset_);
        at_ = 0;
    }
    if (at_ < parts_.size()) {
        const storage::UploadPart part = parts_[at_++];
        offset_ += part.bytes;
        reader_ = co_await objects_.open(part.object, storage::ByteRange());
    }
    if (reader_ == nullptr) {
        throw StorageFailure(Errc::storage_unavailable, "a part of an upload is gone");
    }
}

}  // namespace banter::service
