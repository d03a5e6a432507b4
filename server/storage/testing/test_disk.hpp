// A disk for tests: SQLite's own files, of which it is known what a power cut would leave, and
// which can be full.
//
// A shim over the default VFS. For every file it holds the content as of the last xSync, and what
// was written since. A file exists after a cut if it was synced once; one that was deleted without
// syncing the directory comes back.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

class TestDisk {
public:
    /// Content of files by name, without the directory.
    using Files = std::map<std::string, std::string>;

    TestDisk() : below_(sqlite3_vfs_find(nullptr)) {
        name_ = "test-disk-" + std::to_string(reinterpret_cast<std::uintptr_t>(this));
        vfs_ = *below_;
        vfs_.iVersion = 1;
        vfs_.szOsFile = static_cast<int>(sizeof(File)) + below_->szOsFile;
        vfs_.pNext = nullptr;
        vfs_.zName = name_.c_str();
        vfs_.pAppData = this;
        vfs_.xOpen = open;
        vfs_.xDelete = remove;
        if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) throw std::runtime_error("no VFS");
    }
    ~TestDisk() { sqlite3_vfs_unregister(&vfs_); }
    TestDisk(const TestDisk&) = delete;
    TestDisk& operator=(const TestDisk&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }

    /// Called before each write, truncation and sync, on the thread that does it, one at a time.
    void before_each_operation(std::function<void()> call) {
        const std::scoped_lock lock(before_guard_);
        before_ = std::move(call);
    }

    void set_full(bool full) {
        const std::scoped_lock lock(guard_);
        full_ = full;
    }
    [[nodiscard]] std::size_t syncs() {
        const std::scoped_lock lock(guard_);
        return syncs_;
    }

    /// What a power cut would leave now.
    [[nodiscard]] Files synced() {
        const std::scoped_lock lock(guard_);
        Files files;
        for (const auto& [path, image] : images_) {
            if (image.synced) files[path] = *image.synced;
        }
        return files;
    }

    /// What one would leave that struck while any part of what was not yet synced had reached the
    /// disk.
    [[nodiscard]] Files partly_written(std::mt19937& random) {
        const std::scoped_lock lock(guard_);
        Files files;
        for (const auto& [path, image] : images_) {
            if (!image.synced) continue;
            std::string content = *image.synced;
            for (const auto& change : image.unsynced) {
                if (random() % 2 == 0) change.apply(content);
            }
            files[path] = std::move(content);
        }
        return files;
    }

private:
    /// A write, or a truncation to `at` if there are no bytes.
    struct Change {
        std::size_t at = 0;
        std::string bytes;

        void apply(std::string& content) const {
            if (bytes.empty()) {
                content.resize(at);
                return;
            }
            if (content.size() < at + bytes.size()) content.resize(at + bytes.size());
            content.replace(at, bytes.size(), bytes);
        }
    };
    struct Image {
        std::optional<std::string> synced;
        std::vector<Change> unsynced;
    };
    struct File {
        sqlite3_file base;
        TestDisk* disk;
        Image* image;

        [[nodiscard]] sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };

    static TestDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<TestDisk*>(vfs->pAppData); }
    static File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
    static sqlite3_file* below(sqlite3_file* file) { return file_of(file).below(); }

    static std::string name_of(const char* path) {
        return std::filesystem::path(path).filename().string();
    }

    void before_operation() {
        const std::scoped_lock lock(before_guard_);
        if (before_) before_();
    }

    static int open(
        sqlite3_vfs* vfs,
        const char* path,
        sqlite3_file* made,
        int flags,
        int* out_flags
    ) {
        TestDisk& disk = disk_of(vfs);
        File& file = *std::construct_at(reinterpret_cast<File*>(made));
        const int code = disk.below_->xOpen(disk.below_, path, file.below(), flags, out_flags);
        if (code != SQLITE_OK) return code;
        file.disk = &disk;
        file.base.pMethods = methods();
        if (path != nullptr) {
            const std::scoped_lock lock(disk.guard_);
            file.image = &disk.images_[name_of(path)];
        }
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs* vfs, const char* path, int sync_directory) {
        TestDisk& disk = disk_of(vfs);
        const int code = disk.below_->xDelete(disk.below_, path, sync_directory);
        const std::scoped_lock lock(disk.guard_);
        const auto found = disk.images_.find(name_of(path));
        if (code != SQLITE_OK || found == disk.images_.end()) return code;
        // Another file of this name begins empty.
        found->second.unsynced.assign(1, Change{});
        if (sync_directory != 0) found->second.synced.reset();
        return code;
    }

    static int write(sqlite3_file* base, const void* bytes, int size, sqlite3_int64 at) {
        File& file = file_of(base);
        file.disk->before_operation();
        const std::scoped_lock lock(file.disk->guard_);
        if (file.disk->full_) return SQLITE_FULL;
        const int code = file.below()->pMethods->xWrite(file.below(), bytes, size, at);
        if (code != SQLITE_OK || file.image == nullptr) return code;
        file.image->unsynced.push_back(
            {static_cast<std::size_t>(at),
             std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))}
        );
        return code;
    }

    static int truncate(sqlite3_file* base, sqlite3_int64 size) {
        File& file = file_of(base);
        file.disk->before_operation();
        const std::scoped_lock lock(file.disk->guard_);
        const int code = file.below()->pMethods->xTruncate(file.below(), size);
        if (code == SQLITE_OK && file.image != nullptr) {
            file.image->unsynced.push_back({static_cast<std::size_t>(size), {}});
        }
        return code;
    }

    static int sync(sqlite3_file* base, int flags) {
        File& file = file_of(base);
        file.disk->before_operation();
        const int code = file.below()->pMethods->xSync(file.below(), flags);
        const std::scoped_lock lock(file.disk->guard_);
        ++file.disk->syncs_;
        if (code != SQLITE_OK || file.image == nullptr) return code;
        if (!file.image->synced) file.image->synced.emplace();
        for (const auto& change : file.image->unsynced) change.apply(*file.image->synced);
        file.image->unsynced.clear();
        return code;
    }

    static int close(sqlite3_file* base) {
        File& file = file_of(base);
        return file.below()->pMethods->xClose(file.below());
    }
    static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
        return below(file)->pMethods->xRead(below(file), to, size, at);
    }
    static int file_size(sqlite3_file* file, sqlite3_int64* size) {
        return below(file)->pMethods->xFileSize(below(file), size);
    }
    static int lock(sqlite3_file* file, int level) {
        return below(file)->pMethods->xLock(below(file), level);
    }
    static int unlock(sqlite3_file* file, int level) {
        return below(file)->pMethods->xUnlock(below(file), level);
    }
    static int is_reserved(sqlite3_file* file, int* out) {
        return below(file)->pMethods->xCheckReservedLock(below(file), out);
    }
    static int control(sqlite3_file* file, int what, void* argument) {
        return below(file)->pMethods->xFileControl(below(file), what, argument);
    }
    static int sector_size(sqlite3_file* file) {
        return below(file)->pMethods->xSectorSize(below(file));
    }
    static int characteristics(sqlite3_file* file) {
        return below(file)->pMethods->xDeviceCharacteristics(below(file));
    }
    static int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
        return below(file)->pMethods->xShmMap(below(file), page, size, extend, out);
    }
    static int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
        return below(file)->pMethods->xShmLock(below(file), offset, count, flags);
    }
    static void barrier(sqlite3_file* file) { below(file)->pMethods->xShmBarrier(below(file)); }
    static int unmap_shared(sqlite3_file* file, int remove) {
        return below(file)->pMethods->xShmUnmap(below(file), remove);
    }

    static const sqlite3_io_methods* methods() {
        static const sqlite3_io_methods all = [] {
            sqlite3_io_methods made{};
            made.iVersion = 2;
            made.xClose = close;
            made.xRead = read;
            made.xWrite = write;
            made.xTruncate = truncate;
            made.xSync = sync;
            made.xFileSize = file_size;
            made.xLock = lock;
            made.xUnlock = unlock;
            made.xCheckReservedLock = is_reserved;
            made.xFileControl = control;
            made.xSectorSize = sector_size;
            made.xDeviceCharacteristics = characteristics;
            made.xShmMap = map_shared;
            made.xShmLock = lock_shared;
            made.xShmBarrier = barrier;
            made.xShmUnmap = unmap_shared;
            return made;
        }();
        return &all;
    }

    sqlite3_vfs* below_;
    sqlite3_vfs vfs_{};
    std::string name_;
    std::function<void()> before_;
    std::mutex guard_;
    std::mutex before_guard_;
    std::map<std::string, Image> images_;
    bool full_ = false;
    std::size_t syncs_ = 0;
};

}  // namespace banter::storage
