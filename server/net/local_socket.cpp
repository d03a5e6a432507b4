#include "net/local_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace banter::net {

namespace {

constexpr int backlog = 16;
constexpr ::mode_t owner_only = 0600;

/// A socket's path has to fit into about a hundred bytes; one that goes over a descriptor of its
/// directory does.
class ShortPath {
public:
    explicit ShortPath(const std::filesystem::path& file)
        : directory_(::open(
              file.has_parent_path() ? file.parent_path().c_str() : ".",
              O_PATH | O_DIRECTORY | O_CLOEXEC
          )) {
        const std::string path =
            "/proc/self/fd/" + std::to_string(*directory_) + "/" + file.filename().string();
        valid_ = directory_ && path.size() < sizeof address_.sun_path;
        address_.sun_family = AF_UNIX;
        if (valid_) path.copy(address_.sun_path, path.size());
    }

    [[nodiscard]] bool valid() const { return valid_; }
    [[nodiscard]] const sockaddr* address() const {
        return reinterpret_cast<const sockaddr*>(&address_);
    }
    [[nodiscard]] static socklen_t size() { return sizeof(sockaddr_un); }

private:
    Descriptor directory_;
    sockaddr_un address_{};
    bool valid_ = false;
};

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
    throw std::system_error(error, std::generic_category(), "can't listen at " + file.string());
}

}  // namespace

LocalAcceptor listen_locally(Executor executor, const std::filesystem::path& file) {
    const ShortPath path(file);
    if (!path.valid()) fail(file, ENAMETOOLONG);
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // The file that bind() makes takes its mode from the socket's: nobody else can ever connect.
    if (!socket || ::fchmod(*socket, owner_only) != 0) fail(file, errno);
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) fail(file, errno);
    if (::bind(*socket, path.address(), ShortPath::size()) != 0) fail(file, errno);
    if (::listen(*socket, backlog) != 0) fail(file, errno);
    LocalAcceptor acceptor(executor);
    acceptor.assign(asio::local::stream_protocol(), socket.release());
    return acceptor;
}

Descriptor connect_locally(const std::filesystem::path& file) {
    const ShortPath path(file);
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!path.valid() || !socket) return {};
    if (::connect(*socket, path.address(), ShortPath::size()) != 0) return {};
    return socket;
}

}  // namespace banter::net
