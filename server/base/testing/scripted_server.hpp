// For tests: an HTTP server on a free port of 127.0.0.1 that answers the bytes it is told to, and
// so can break off, be slow and lie.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace banter::testing {

struct ScriptedRequest {
    std::string method;
    std::string target;
    std::map<std::string, std::string> headers;  // by name in lower case
    std::string body;
};

struct ScriptedAnswer {
    enum class Then {
        keep,       // the connection, for the next request
        close,      // it
        break_off,  // it without its end, when something of the next request's body has come
        hold        // it until the client closes it
    };

    std::string bytes;
    Then then = Then::keep;

    /// A whole answer. more: further header lines, each with "\r\n".
    [[nodiscard]] static ScriptedAnswer of(
        int status,
        std::string_view body = {},
        std::string_view more = {}
    ) {
        return {
            "HTTP/1.1 " + std::to_string(status) + " Told\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" + std::string(body)};
    }
    /// Nothing but the end of the connection.
    [[nodiscard]] static ScriptedAnswer cut() { return {"", Then::close}; }
    /// Nothing at all, for as long as the client waits.
    [[nodiscard]] static ScriptedAnswer silence() { return {"", Then::hold}; }
};

/// Each connection has a thread of its own. Reads a request whole, its body by Content-Length.
class ScriptedServer {
public:
    /// Called once for each request, one at a time.
    using Script = std::function<ScriptedAnswer(const ScriptedRequest&)>;

    explicit ScriptedServer(Script script) : script_(std::move(script)) {
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* where = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listening_, where, size) != 0 || ::listen(listening_, 16) != 0 ||
            ::getsockname(listening_, where, &size) != 0) {
            std::abort();
        }
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~ScriptedServer() {
        ::shutdown(listening_, SHUT_RDWR);
        acceptor_.join();
        {
            const std::lock_guard lock(guard_);
            for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
        }
        for (std::thread& serving : serving_) serving.join();
        for (const int socket : sockets_) ::close(socket);
        ::close(listening_);
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::vector<ScriptedRequest> requests() {
        const std::lock_guard lock(guard_);
        return requests_;
    }
    [[nodiscard]] std::size_t connections() {
        const std::lock_guard lock(guard_);
        return sockets_.size();
    }
    /// Bytes of answers that the sockets have taken.
    [[nodiscard]] std::uint64_t sent() const { return sent_; }
    /// Bytes of requests that were read.
    [[nodiscard]] std::uint64_t received() const { return received_; }

private:
    void accept_all() {
        for (;;) {
            const int socket = ::accept(listening_, nullptr, nullptr);
            if (socket < 0) return;
            const std::lock_guard lock(guard_);
            sockets_.push_back(socket);
            serving_.emplace_back([this, socket] { serve(socket); });
        }
    }

    void serve(int socket) {
        std::string input;
        ScriptedRequest request;
        while (read_request(socket, input, request)) {
            ScriptedAnswer answer;
            {
                const std::lock_guard lock(guard_);
                requests_.push_back(request);
                answer = script_(request);
            }
            write_all(socket, answer.bytes);
            if (answer.then == ScriptedAnswer::Then::hold) {
                while (fill(socket, input)) {}
            }
            if (answer.then == ScriptedAnswer::Then::break_off) {
                while (!has_some_body(input) && fill(socket, input)) {}
                reset(socket);
            }
            if (answer.then != ScriptedAnswer::Then::keep) break;
        }
        ::shutdown(socket, SHUT_RDWR);
    }

    static bool has_some_body(const std::string& input) {
        const std::size_t end = input.find("\r\n\r\n");
        return end != std::string::npos && input.size() > end + 4;
    }

    /// Leaves something under its number that can be closed.
    static void reset(int socket) {
        const linger at_once{1, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        const int nothing = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (nothing < 0 || ::dup2(nothing, socket) < 0) std::abort();
        ::close(nothing);
    }

    bool fill(int socket, std::string& input) {
        std::array<char, 65536> buffer;
        const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (size <= 0) return false;
        received_ += static_cast<std::uint64_t>(size);
        input.append(buffer.data(), static_cast<std::size_t>(size));
        return true;
    }

    void write_all(int socket, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t size = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0) return;
            sent_ += static_cast<std::uint64_t>(size);
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
    }

    bool read_request(int socket, std::string& input, ScriptedRequest& request) {
        std::size_t end = 0;
        while ((end = input.find("\r\n\r\n")) == std::string::npos) {
            if (!fill(socket, input)) return false;
        }
        request = parse_head(std::string_view(input).substr(0, end));
        input.erase(0, end + 4);
        const auto length = request.headers.find("content-length");
        const std::size_t size = length == request.headers.end() ? 0 : std::stoull(length->second);
        while (input.size() < size) {
            if (!fill(socket, input)) return false;
        }
        request.body = input.substr(0, size);
        input.erase(0, size);
        return true;
    }

    static ScriptedRequest parse_head(std::string_view head) {
        ScriptedRequest request;
        std::string_view line = take_line(head);
        request.method = line.substr(0, line.find(' '));
        line.remove_prefix(request.method.size() + 1);
        request.target = line.substr(0, line.find(' '));
        while (!head.empty()) {
            line = take_line(head);
            std::string name(line.substr(0, line.find(':')));
            for (char& letter : name) {
                if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
            }
            line.remove_prefix(std::min(line.size(), name.size() + 2));
            request.headers[name] = line;
        }
        return request;
    }

    static std::string_view take_line(std::string_view& text) {
        const std::size_t end = std::min(text.find("\r\n"), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(text.size(), end + 2));
        return line;
    }

    Script script_;
    int listening_ = -1;
    std::uint16_t port_ = 0;
    std::mutex guard_;
    std::vector<int> sockets_;
    std::vector<std::thread> serving_;
    std::vector<ScriptedRequest> requests_;
    std::atomic<std::uint64_t> sent_{0};
    std::atomic<std::uint64_t> received_{0};
    std::thread acceptor_;
};

}  // namespace banter::testing
