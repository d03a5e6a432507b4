#include "storage/disk/object_store.hpp"

#include "base/check.hpp"
#include "base/system_call.hpp"
#include "storage/disk/draft_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace banter::disk {

namespace {

using storage::ByteRange;
using storage::ObjectKey;
using storage::StoredObject;

/// How many objects one page of a list looks at: some ten milliseconds' work.
constexpr std::size_t page_objects_max = 1'000;

std::string read_exactly(int file, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const auto place = static_cast<off_t>(offset + done);
        const ssize_t read =
            retried([&] { return ::pread(file, bytes.data() + done, size - done, place); });
        if (read < 0) throw_failure("reading a file");
        if (read == 0) throw StorageFailure(Errc::storage_unavailable, "a file has become shorter");
        done += static_cast<std::size_t>(read);
    }
    return bytes;
}

class Draft final : public storage::ObjectDraft {
public:
    Draft(DraftFile file, Offload& offload) : file_(std::move(file)), offload_(offload) {}

    ~Draft() override {
        if (!file_) return;
        offload_.leave_to([file = std::exchange(file_, std::nullopt)]() mutable { file.reset(); });
    }

    Task<> append(std::string_view chunk) override {
        CHECK(file_);
        auto work = [&file = *file_, chunk] {
            file.append(chunk);
            return true;
        };
        (void)co_await offload_.run(work);
    }

    Task<> finish() override {
        CHECK(file_);
        auto work = [&file = *file_] {
            file.publish();
            return true;
        };
        (void)co_await offload_.run(work);
        file_.reset();
    }

    Task<> abort() override {
        CHECK(file_);
        auto work = [file = std::exchange(file_, std::nullopt)]() mutable {
            file.reset();
            return true;
        };
        (void)co_await offload_.run(std::move(work));
    }

private:
    std::optional<DraftFile> file_;
    Offload& offload_;
};

class Reader final : public storage::ObjectReader {
public:
    Reader(OpenedObject object, ByteRange range, Offload& offload)
        : object_(std::move(object)),
          offset_(std::min(range.offset, object_.size)),
          left_(std::min(range.size, object_.size - offset_)),
          offload_(offload) {}

    [[nodiscard]] std::uint64_t size() const override { return object_.size; }

    Task<std::string> next() override {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(left_, storage::object_chunk_bytes_max)
            );
        if (size == 0) co_return std::string();
        auto work = [file = *object_.file, offset = offset_, size] {
            return read_exactly(file, offset, size);
        };
        std::string bytes = co_await offload_.run(work);
        offset_ += size;
        left_ -= size;
        co_return bytes;
    }

private:
    OpenedObject object_;
    std::uint64_t offset_;
    std::uint64_t left_;
    Offload& offload_;
};

}  // namespace

DiskObjectStore::DiskObjectStore(const DiskOptions& options, Offload& offload)
    : folders_(std::make_shared<const Folders>(options.directory, options.spare_bytes)),
      offload_(offload) {}

Task<std::unique_ptr<storage::ObjectDraft>> DiskObjectStore::begin(
    ObjectKey key,
    std::uint64_t bytes_expected
) {
    auto work = [folders = folders_, key, bytes_expected] {
        folders->require_space(bytes_expected);
        return DraftFile(folders, key);
    };
    DraftFile file = co_await offload_.run(work);
    co_return std::make_unique<Draft>(std::move(file), offload_);
}

Task<std::unique_ptr<storage::ObjectReader>> DiskObjectStore::open(ObjectKey key, ByteRange range) {
    auto work = [&folders = *folders_, key] { return folders.open(key); };
    std::optional<OpenedObject> object = co_await offload_.run(work);
    if (!object) co_return nullptr;
    co_return std::make_unique<Reader>(std::move(*object), range, offload_);
}

Task<std::optional<storage::LocalObject>> DiskObjectStore::open_local(ObjectKey key) {
    auto work = [&folders = *folders_, key]() -> std::optional<storage::LocalObject> {
        auto object = folders.open(key);
        if (!object) return std::nullopt;
        return storage::LocalObject{std::move(object->file), object->size};
    };
    co_return co_await offload_.run(work);
}

Task<std::optional<std::uint64_t>> DiskObjectStore::size(ObjectKey key) {
    auto work = [&folders = *folders_, key]() -> std::optional<std::uint64_t> {
        const auto object = folders.open(key);
        if (!object) return std::nullopt;
        return object->size;
    };
    co_return co_await offload_.run(work);
}

Task<> DiskObjectStore::remove(ObjectKey key) {
    auto work = [&folders = *folders_, key] {
        folders.remove(key);
        return true;
    };
    (void)co_await offload_.run(work);
}

Task<model::Page<StoredObject>> DiskObjectStore::list(
    Timestamp before,
    std::optional<std::string> cursor
) {
    auto work = [&folders = *folders_, before, cursor = std::move(cursor)] {
        return folders.list(before, cursor, page_objects_max);
    };
    co_return co_await offload_.run(std::move(work));
}

Task<std::size_t> DiskObjectStore::sweep_drafts(Timestamp before) {
    auto work = [&folders = *folders_, before] { return folders.sweep_drafts(before); };
    co_return co_await offload_.run(work);
}

}  // namespace banter::disk
