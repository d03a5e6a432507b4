#include "storage/disk/draft_file.hpp"

#include "base/check.hpp"
#include "base/system_call.hpp"
#include "storage/disk/folders.hpp"

#include <unistd.h>

#include <utility>

namespace banter::disk {

namespace {

/// Synced so often while it grows that neither the last sync nor the database's, on the same disk,
/// ever has much to wait for.
constexpr std::size_t bytes_per_sync = 4 * 1024 * 1024;

void write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = retried([&] { return ::write(file, bytes.data(), bytes.size()); });
        if (written < 0) throw_failure("writing a file");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

DraftFile::DraftFile(std::shared_ptr<const Folders> folders, storage::ObjectKey key)
    : folders_(std::move(folders)), key_(key), file_(folders_->create_draft(key)) {}

DraftFile::~DraftFile() {
    if (file_) folders_->remove_draft(key_);
}

DraftFile::DraftFile(DraftFile&& other) noexcept = default;

void DraftFile::append(std::string_view chunk) {
    CHECK(file_ && usable_);
    usable_ = false;  // until all of it is written
    folders_->require_space(chunk.size());
    write_all(*file_, chunk);
    unsynced_bytes_ += chunk.size();
    if (unsynced_bytes_ >= bytes_per_sync) {
        if (retried([&] { return ::fdatasync(*file_); }) != 0) throw_failure("syncing a file");
        unsynced_bytes_ = 0;
    }
    usable_ = true;
}

void DraftFile::publish() {
    CHECK(file_ && usable_);
    usable_ = false;
    if (retried([&] { return ::fsync(*file_); }) != 0) throw_failure("syncing a file");
    folders_->publish_draft(key_);
    file_.close();
}

}  // namespace banter::disk
