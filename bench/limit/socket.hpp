#pragma once
// A socket of the bare loop of S1: one system call a send, and what the kernel would not take.

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace banter::bench {

[[noreturn]] inline void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

struct Socket {
    int fd = -1;
    enum class State : unsigned char { upgrading, joining, joined } state = State::upgrading;
    bool answered = false;      // has answers in this turn
    std::vector<char> answers;  // of this turn
    std::vector<char> unsent;   // what the kernel would not take
    std::string partial;        // the beginning of a frame or of the request

    void send(std::string_view bytes) {
        if (unsent.empty()) {
            const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN) fail("send");
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        keep(bytes);
    }

    /// The answers, and more behind them.
    void send_answers(std::string_view more) {
        std::string_view first(answers.data(), answers.size());
        if (unsent.empty()) {
            std::array<iovec, 2> parts{
                iovec{answers.data(), answers.size()},
                iovec{const_cast<char*>(more.data()), more.size()}};
            const ssize_t sent = ::writev(fd, parts.data(), 2);
            if (sent < 0 && errno != EAGAIN) fail("writev");
            const auto done = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
            const std::size_t of_first = std::min(done, first.size());
            first.remove_prefix(of_first);
            more.remove_prefix(done - of_first);
        }
        keep(first);
        keep(more);
        answers.clear();
    }

    void send_unsent() {
        const ssize_t sent = ::send(fd, unsent.data(), unsent.size(), MSG_NOSIGNAL);
        if (sent > 0) unsent.erase(unsent.begin(), unsent.begin() + sent);
    }

private:
    void keep(std::string_view bytes) { unsent.insert(unsent.end(), bytes.begin(), bytes.end()); }
};

}  // namespace banter::bench
