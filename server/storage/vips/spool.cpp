#include "storage/vips/spool.hpp"

#include "base/system_call.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

Spool::Spool(const std::filesystem::path& directory) : file_(make_nameless(directory)) {
    if (!file_) throw_failure("making a file for a picture");
}

void Spool::append(std::string_view chunk) {
    while (!chunk.empty()) {
        const ssize_t written =
            retried([&] { return ::write(*file_, chunk.data(), chunk.size()); });
        if (written < 0) throw_failure("writing a picture");
        chunk.remove_prefix(static_cast<std::size_t>(written));
    }
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
