#include "storage/sqlite/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace banter::sqlite {

namespace {

std::string holder_of(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
    std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    return pid.empty() ? "unknown" : pid;
}

void write_holder(int descriptor) {
    const std::string pid = std::to_string(::getpid()) + "\n";
    // Only a help for who reads the file: the lock itself is held either way.
    if (::ftruncate(descriptor, 0) == 0) {
        [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
    }
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& directory) {
    const std::filesystem::path path = directory / "banter.lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) {
        const std::string why = std::generic_category().message(errno);
        throw std::runtime_error(path.string() + " can't be opened: " + why);
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
        write_holder(descriptor_);
        return;
    }
    const int code = errno;
    const std::string holder = holder_of(descriptor_);
    ::close(descriptor_);
    if (code != EWOULDBLOCK) {
        const std::string why = std::generic_category().message(code);
        throw std::runtime_error(path.string() + " can't be locked: " + why);
    }
    throw InUse(directory.string() + " is in use by another Banter (pid " + holder + ")");
}

LockFile::~LockFile() { ::close(descriptor_); }

}  // namespace banter::sqlite
