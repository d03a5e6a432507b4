#include "storage/disk/folders.hpp"

#include "base/disk_space.hpp"
#include "base/encoding.hpp"
#include "base/system_call.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace banter::disk {

namespace {

using storage::ObjectKey;
using storage::StoredObject;

constexpr const char* drafts_name = "drafts";
constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

std::string shard_name(std::uint8_t first) { return hex(std::span(&first, 1)); }

Descriptor open_folder(const Descriptor& in, const std::string& name) {
    Descriptor folder(retried([&] { return ::openat(*in, name.c_str(), folder_flags | O_NOFOLLOW); }
    ));
    if (!folder) throw_failure("opening the folder " + name);
    return folder;
}

/// That it is there already is fine.
void make_folder(const Descriptor& in, const std::string& name) {
    if (::mkdirat(*in, name.c_str(), 0700) != 0 && errno != EEXIST) {
        throw_failure("making the folder " + name);
    }
}

void sync_folder(const Descriptor& folder) {
    if (retried([&] { return ::fsync(*folder); }) != 0) throw_failure("syncing a folder");
}

/// Refuses to take the place of another file, where the file system can.
int rename_fresh(int from, const char* old_name, int to, const char* new_name) {
    const int renamed = ::renameat2(from, old_name, to, new_name, RENAME_NOREPLACE);
    if (renamed == 0 || (errno != EINVAL && errno != ENOSYS)) return renamed;
    return ::renameat(from, old_name, to, new_name);
}

/// The keys above `after` that files in `folder` have for a name, ascending.
std::vector<ObjectKey> keys_in(Descriptor folder, const std::optional<ObjectKey>& after) {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(*folder), ::closedir);
    if (!entries) throw_failure("listing a folder");
    (void)folder.release();  // closedir closes it
    std::vector<ObjectKey> keys;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(entries.get());
        if (entry == nullptr && errno != 0) throw_failure("listing a folder");
        if (entry == nullptr) break;
        const auto key = ObjectKey::parse(entry->d_name);
        if (key && (!after || *key > *after)) keys.push_back(*key);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

/// Nothing if it is gone, or is no plain file.
std::optional<StoredObject> look_at(const Descriptor& folder, ObjectKey key) {
    struct stat facts {};
    if (::fstatat(*folder, key.text().c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) throw_failure("looking at a file");
        return std::nullopt;
    }
    if (!S_ISREG(facts.st_mode)) return std::nullopt;
    const auto since_epoch = std::chrono::seconds(facts.st_mtim.tv_sec) +
                             std::chrono::nanoseconds(facts.st_mtim.tv_nsec);
    return StoredObject{
        key,
        static_cast<std::uint64_t>(facts.st_size),
        Timestamp(std::chrono::floor<std::chrono::milliseconds>(since_epoch))};
}

}  // namespace

Folders::Folders(const std::filesystem::path& directory, std::uint64_t spare_bytes)
    : spare_bytes_(spare_bytes) {
    std::error_code failure;
    std::filesystem::create_directories(directory.parent_path(), failure);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        throw_failure("making " + directory.string());
    }
    // The operator may have put a link here; what lies below is the server's own.
    root_ = Descriptor(retried([&] { return ::open(directory.c_str(), folder_flags); }));
    if (!root_) throw_failure("opening " + directory.string());
    make_folder(root_, drafts_name);
    for (int first = 0; first < 256; ++first) {
        make_folder(root_, shard_name(static_cast<std::uint8_t>(first)));
    }
    sync_folder(root_);
    drafts_ = open_folder(root_, drafts_name);
}

void Folders::require_space(std::uint64_t bytes) const {
    require_disk_space(*root_, bytes, spare_bytes_);
}

Descriptor Folders::create_draft(ObjectKey key) const {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const std::string name = key.text();
    Descriptor file(retried([&] { return ::openat(*drafts_, name.c_str(), flags, 0600); }));
    if (!file) throw_failure("beginning a file");
    return file;
}

void Folders::publish_draft(ObjectKey key) const {
    const Descriptor shard = open_shard(key.bytes[0]);
    const std::string name = key.text();
    if (rename_fresh(*drafts_, name.c_str(), *shard, name.c_str()) != 0) {
        throw_failure("moving a file to its place");
    }
    try {
        sync_folder(shard);
    } catch (const StorageFailure&) {
        // Nobody may find what the caller is told isn't there.
        ::unlinkat(*shard, name.c_str(), 0);
        throw;
    }
}

void Folders::remove_draft(ObjectKey key) const noexcept {
    ::unlinkat(*drafts_, key.text().c_str(), 0);
}

std::optional<OpenedObject> Folders::open(ObjectKey key) const {
    // Whatever may lie there, opening it waits for nothing.
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    const Descriptor shard = open_shard(key.bytes[0]);
    const std::string name = key.text();
    OpenedObject object;
    object.file = Descriptor(retried([&] { return ::openat(*shard, name.c_str(), flags); }));
    if (!object.file) {
        if (errno == ENOENT) return std::nullopt;
        throw_failure("opening a file");
    }
    struct stat facts {};
    if (::fstat(*object.file, &facts) != 0) throw_failure("looking at a file");
    if (!S_ISREG(facts.st_mode)) {
        throw StorageFailure(Errc::storage_unavailable, "in place of a file lies something else");
    }
    object.size = static_cast<std::uint64_t>(facts.st_size);
    return object;
}

void Folders::remove(ObjectKey key) const {
    const Descriptor shard = open_shard(key.bytes[0]);
    if (::unlinkat(*shard, key.text().c_str(), 0) != 0 && errno != ENOENT) {
        throw_failure("removing a file");
    }
}

model::Page<StoredObject> Folders::list(
    Timestamp before,
    const std::optional<std::string>& cursor,
    std::size_t count_max
) const {
    model::Page<StoredObject> page;
    std::optional<ObjectKey> after;
    if (cursor) {
        after = ObjectKey::parse(*cursor);
        if (!after) return page;
    }
    std::size_t seen = 0;
    for (unsigned first = after ? after->bytes[0] : 0; first < 256; ++first) {
        const Descriptor shard = open_shard(static_cast<std::uint8_t>(first));
        // Reading a folder moves the place in it, so a descriptor of its own.
        for (const ObjectKey& key : keys_in(open_folder(shard, "."), after)) {
            if (seen++ == count_max) {
                page.next = after->text();
                return page;
            }
            after = key;
            auto object = look_at(shard, key);
            if (object && object->written_at < before) page.items.push_back(*object);
        }
    }
    return page;
}

std::size_t Folders::sweep_drafts(Timestamp before) const {
    std::size_t removed = 0;
    for (const ObjectKey& key : keys_in(open_folder(drafts_, "."), std::nullopt)) {
        const auto draft = look_at(drafts_, key);
        if (!draft || draft->written_at >= before) continue;
        remove_draft(key);
        ++removed;
    }
    return removed;
}

Descriptor Folders::open_shard(std::uint8_t first) const {
    return open_folder(root_, shard_name(first));
}

}  // namespace banter::disk
