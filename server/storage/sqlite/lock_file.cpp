#include "storage/sqlite/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
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

/// Root takes the lock in a directory whose owner may not be trusted by root, and leaves the file
/// to that owner. Returns a negative number, and errno, where it can't be opened.
int open_lock(const std::filesystem::path& directory, const std::filesystem::path& path) {
    constexpr int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    const int made = ::open(path.c_str(), flags | O_CREAT | O_EXCL, 0600);
    if (made < 0) return errno == EEXIST ? ::open(path.c_str(), flags) : made;
    struct stat facts {};
    if (::geteuid() == 0 && ::stat(directory.c_str(), &facts) == 0) {
        [[maybe_unused]] const int owned = ::fchown(made, facts.st_uid, facts.st_gid);
    }
    return made;
}

bool is_plain_file(int descriptor) {
    struct stat facts {};
    return ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_nlink == 1;
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& directory) {
    const std::filesystem::path path = directory / "banter.lock";
    descriptor_ = open_lock(directory, path);
    if (descriptor_ < 0) {
        const std::string why = std::generic_category().message(errno);
        throw std::runtime_error(path.string() + " can't be opened: " + why);
    }
    if (!is_plain_file(descriptor_)) {
        ::close(descriptor_);
        throw std::runtime_error(path.string() + " is no lock file of Banter: remove it");
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
