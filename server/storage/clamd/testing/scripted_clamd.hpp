// For tests: what listens where a clamd should, and does with each connection what it is told to.
#pragma once

#include "storage/testing/temporary_directory.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace banter::clamd::testing {

/// The other end of a connection.
class Peer {
public:
    explicit Peer(int socket) : socket_(socket) {}

    /// False: the client has gone.
    bool read(std::size_t size, std::string& bytes) {
        bytes.resize(size);
        for (std::size_t got = 0; got < size;) {
            const ssize_t more = ::recv(socket_, bytes.data() + got, size - got, 0);
            if (more <= 0) return false;
            got += static_cast<std::size_t>(more);
        }
        return true;
    }
    std::string read_command() {
        std::string command;
        for (std::string letter; read(1, letter) && letter != std::string(1, '\0');) {
            command += letter;
        }
        return command;
    }
    /// False: it was the end of the file, or of the connection.
    bool read_chunk(std::string& chunk) {
        std::string head;
        if (!read(4, head)) return false;
        std::size_t size = 0;
        for (const char byte : head) size = size << 8 | static_cast<unsigned char>(byte);
        return size > 0 && read(size, chunk);
    }
    std::string read_file() {
        std::string file;
        for (std::string chunk; read_chunk(chunk);) file += chunk;
        return file;
    }
    void say(std::string_view bytes) {
        (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// With its NUL.
    void answer(const std::string& text) { say(std::string_view(text.c_str(), text.size() + 1)); }
    void wait_for_end() {
        for (std::string byte; read(1, byte);) {}
    }

private:
    int socket_;
};

/// Connections are served one after the other, and closed when the script returns.
class ScriptedClamd {
public:
    using Script = std::function<void(Peer&)>;

    explicit ScriptedClamd(Script script, bool over_tcp = false) : script_(std::move(script)) {
        over_tcp ? listen_over_tcp() : listen_locally();
        serving_ = std::jthread([this] { serve(); });
    }
    ~ScriptedClamd() {
        {
            const std::lock_guard lock(guard_);
            stopping_ = true;
            ::shutdown(listening_, SHUT_RDWR);
            if (serving_socket_ >= 0) ::shutdown(serving_socket_, SHUT_RDWR);
        }
        serving_.join();
        ::close(listening_);
    }
    ScriptedClamd(const ScriptedClamd&) = delete;
    ScriptedClamd& operator=(const ScriptedClamd&) = delete;

    [[nodiscard]] const std::string& address() const { return address_; }

private:
    void listen_locally() {
        address_ = folder_.path() / "clamd.ctl";
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        address_.copy(where.sun_path, sizeof where.sun_path - 1);
        listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        listen(reinterpret_cast<sockaddr*>(&where), sizeof where);
    }
    void listen_over_tcp() {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        socklen_t size = sizeof where;
        listen(reinterpret_cast<sockaddr*>(&where), size);
        (void)::getsockname(listening_, reinterpret_cast<sockaddr*>(&where), &size);
        address_ = "127.0.0.1:" + std::to_string(ntohs(where.sin_port));
    }
    void listen(const sockaddr* where, socklen_t size) {
        if (::bind(listening_, where, size) != 0 || ::listen(listening_, 16) != 0) std::abort();
    }
    void serve() {
        for (;;) {
            const int socket = ::accept(listening_, nullptr, nullptr);
            if (socket < 0) return;
            {
                const std::lock_guard lock(guard_);
                serving_socket_ = socket;
                if (stopping_) ::shutdown(socket, SHUT_RDWR);
            }
            Peer peer(socket);
            script_(peer);
            const std::lock_guard lock(guard_);
            serving_socket_ = -1;
            ::close(socket);
        }
    }

    Script script_;
    storage::TemporaryDirectory folder_;
    std::string address_;
    int listening_ = -1;
    std::mutex guard_;
    int serving_socket_ = -1;
    bool stopping_ = false;
    std::jthread serving_;
};

}  // namespace banter::clamd::testing
