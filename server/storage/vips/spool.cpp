#include "storage/vips/spool.hpp"

#include "base/disk_space.hpp"
#include "base/result.hpp"
#include "base/system_call.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace banter::vips {

namespace {

Descriptor make_nameless(const std::filesystem::path& directory) {
    Descriptor file(retried([&] {
        return ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    }));
    // What file systems say that don't know the flag.
    if (file || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
    std::string name = (directory / "picture-XXXXXX").string();
    Descriptor named(::mkostemp(name.data(), O_CLOEXEC));
    if (named) ::unlink(name.c_str());
    return named;
}

}  // namespace

SpoolFolder::SpoolFolder(std::filesystem::path directory, SpoolLimits limits)
    : directory_(std::move(directory)), spare_bytes_(limits.spare_bytes), room_(limits.bytes_max) {
    std::error_code failure;
    std::filesystem::create_directories(directory_, failure);
    if (!failure) return;
    throw StorageFailure(
        Errc::storage_unavailable, "making " + directory_.string() + ": " + failure.message()
    );
}

void SpoolFolder::take(int file, std::uint64_t bytes) {
    require_disk_space(file, bytes, spare_bytes_);
    if (room_.take(bytes)) return;
    throw StorageFailure(Errc::busy, "too many pictures are being looked into");
}

Spool::Spool(SpoolFolder& folder) : folder_(&folder), file_(make_nameless(folder.directory())) {
    if (!file_) throw_failure("making a file for a picture");
}

/// One that was moved away may outlive the folder.
Spool::~Spool() {
    if (taken_ > 0) folder_->give_back(taken_);
}

Spool::Spool(Spool&& other) noexcept
    : folder_(other.folder_),
      file_(std::move(other.file_)),
      taken_(std::exchange(other.taken_, 0)) {}

void Spool::append(std::string_view chunk) {
    reserve(chunk.size());
    while (!chunk.empty()) {
        const ssize_t written =
            retried([&] { return ::write(*file_, chunk.data(), chunk.size()); });
        if (written < 0) throw_failure("writing a picture");
        chunk.remove_prefix(static_cast<std::size_t>(written));
    }
}

void Spool::reserve(std::uint64_t bytes) {
    folder_->take(*file_, bytes);
    taken_ += bytes;
}

void Spool::settle() {
    const std::uint64_t written = size();
    if (written >= taken_) return;
    folder_->give_back(taken_ - written);
    taken_ = written;
}

std::string Spool::read(std::uint64_t offset, std::size_t size) const {
    std::string bytes(size, '\0');
    const ssize_t read = retried([&] {
        return ::pread(*file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    });
    if (read < 0) throw_failure("reading a picture");
    bytes.resize(static_cast<std::size_t>(read));
    return bytes;
}

std::uint64_t Spool::size() const {
    struct stat facts {};
    if (::fstat(*file_, &facts) != 0) throw_failure("looking at a picture's file");
    return static_cast<std::uint64_t>(facts.st_size);
}

Descriptor Spool::open_to_read() const {
    const std::string path = "/proc/self/fd/" + std::to_string(*file_);
    Descriptor file(retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
    if (!file) throw_failure("opening a picture's file again");
    return file;
}

}  // namespace banter::vips
