#include "app/backup/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace banter::app {

namespace {

/// 0, or the error: EEXIST if the new name is taken.
int rename_to_free_name(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL) return errno;
    // A file system without this: there is a moment between the look and the renaming.
    if (::access(to.c_str(), F_OK) == 0) return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

NewFile::NewFile(std::filesystem::path path) : path_(std::move(path)) {
    if (std::filesystem::exists(std::filesystem::symlink_status(path_))) fail("make", EEXIST);
    std::string draft = path_.string() + ".part-XXXXXX";
    file_ = Descriptor(::mkostemp(draft.data(), O_CLOEXEC));
    if (!file_) fail("make", errno);
    draft_ = draft;
}

NewFile::~NewFile() {
    if (!draft_.empty()) ::unlink(draft_.c_str());
}

void NewFile::fail(std::string_view what, int error) const {
    if (error == EEXIST) {
        throw std::runtime_error(
            fmt::format("{} exists already: choose another name, or remove it", path_.string())
        );
    }
    const std::string why = std::generic_category().message(error);
    throw std::runtime_error(fmt::format("can't {} {}: {}", what, path_.string(), why));
}

void NewFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t size = ::write(*file_, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) fail("write", errno);
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
}

void NewFile::publish() {
    if (::fsync(*file_) != 0) fail("write", errno);
    if (const int error = rename_to_free_name(draft_, path_)) fail("make", error);
    draft_.clear();
    sync_directory(directory_of(path_));
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : ".";
}

void sync_directory(const std::filesystem::path& directory) {
    const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened && ::fsync(*opened) == 0) return;
    const std::string why = std::generic_category().message(errno);
    throw std::runtime_error(fmt::format("can't sync {}: {}", directory.string(), why));
}

}  // namespace banter::app
