// The limit of S1: the least that a program can do to bring the same bytes to the same sockets.
// It checks nothing, keeps nothing and knows neither JSON nor HTTP: the first request on a socket
// is answered by a 101 and a `connected`, the first frame by a `thread:joined`, each further one is
// a send. A turn reads all that has arrived, lays the frames of its sends into one block, and hands
// that block to each socket in one system call, senders (with their answers in front) first, so
// that their next sends arrive while the others are flushed. Edge-triggered: an idle turn costs one
// wait.

#include "limit/frame_template.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using banter::bench::frame_of;
using banter::bench::FrameTemplate;

constexpr std::string_view upgraded =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
constexpr std::string_view alive = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view content_key = "\"content\":\"";
constexpr std::string_view mask_of_zeros("\0\0\0\0", 4);

volatile sig_atomic_t stopped = 0;

[[noreturn]] void fail(const char* what) {
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
};

class Fanout {
public:
    Fanout(std::size_t delivery_bytes, std::size_t answer_bytes)
        : delivery_("message:new", delivery_bytes),
          answer_("message:sent", answer_bytes),
          epoll_(::epoll_create1(0)),
          sockets_(65536) {}

    void listen(std::uint16_t port);
    void run();

private:
    void accept_all();
    void watch(int fd, std::uint32_t events) const;
    void receive(Socket& socket);
    std::size_t take_request(Socket& socket, std::string_view bytes);
    std::size_t take_frame(Socket& socket, char* bytes, std::size_t size);
    void take_payload(Socket& socket, std::string_view payload);
    void flush();
    void flush_answers(Socket& socket);
    void flush_block(Socket& socket);
    void flush_unsent(Socket& socket);
    void send_now(Socket& socket, std::string_view bytes);
    void close(Socket& socket);

    FrameTemplate delivery_;
    FrameTemplate answer_;
    int epoll_;
    int listener_ = -1;
    std::vector<Socket> sockets_;  // by descriptor
    std::vector<int> joined_;      // descriptors, in the order of joining
    std::vector<int> senders_;     // of this turn
    std::vector<char> block_;      // deliveries of this turn
    std::array<char, 256 * 1024> buffer_{};
    std::size_t content_at_ = 0;
    unsigned long long turns_ = 0;  // that had sends
    unsigned long long sends_ = 0;
};

void Fanout::listen(std::uint16_t port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(
        listener_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on
    );  // inherited by accepted ones
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, length) < 0) fail("bind");
    if (::listen(listener_, 4096) < 0) fail("listen");
    if (::getsockname(listener_, generic, &length) < 0) fail("getsockname");
    watch(listener_, EPOLLIN);
    std::printf("http://127.0.0.1:%u\n", ntohs(address.sin_port));
    std::fflush(stdout);
}

void Fanout::watch(int fd, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

void Fanout::run() {
    std::array<epoll_event, 256> events;
    while (stopped == 0) {
        const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < ready; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            if (event.data.fd == listener_) {
                accept_all();
                continue;
            }
            Socket& socket = sockets_[static_cast<std::size_t>(event.data.fd)];
            if ((event.events & EPOLLOUT) != 0 && !socket.unsent.empty()) flush_unsent(socket);
            if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) receive(socket);
        }
        if (!senders_.empty()) flush();
    }
    std::printf(
        "{\"turns\":%llu,\"sends\":%llu,\"sendsPerTurn\":%.3f}\n",
        turns_,
        sends_,
        turns_ > 0 ? static_cast<double>(sends_) / static_cast<double>(turns_) : 0
    );
}

void Fanout::accept_all() {
    for (;;) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
        if (fd < 0) return;
        sockets_[static_cast<std::size_t>(fd)].fd = fd;
        watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
    }
}

void Fanout::receive(Socket& socket) {
    for (;;) {
        const std::size_t kept = socket.partial.size();
        std::memcpy(buffer_.data(), socket.partial.data(), kept);
        const std::size_t room = buffer_.size() - kept;
        const ssize_t got = ::recv(socket.fd, buffer_.data() + kept, room, 0);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) return close(socket);
        std::size_t size = kept + static_cast<std::size_t>(got);
        char* bytes = buffer_.data();
        while (const std::size_t used = socket.state == Socket::State::upgrading
                                            ? take_request(socket, {bytes, size})
                                            : take_frame(socket, bytes, size)) {
            bytes += used;
            size -= used;
        }
        if (size > 0 || kept > 0) socket.partial.assign(bytes, size);
        if (static_cast<std::size_t>(got) < room) return;
    }
}

std::size_t Fanout::take_request(Socket& socket, std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (bytes.substr(0, end).find("pgrade: websocket") == std::string_view::npos) {
        send_now(socket, alive);
        return end + 4;
    }
    socket.state = Socket::State::joining;
    send_now(socket, upgraded);
    send_now(socket, frame_of(R"({"type":"connected"})"));
    return end + 4;
}

/// Unmasks in place. Returns the bytes used, 0 if the frame isn't whole.
std::size_t Fanout::take_frame(Socket& socket, char* bytes, std::size_t size) {
    if (size < 6) return 0;
    const unsigned opcode = static_cast<unsigned char>(bytes[0]) & 0x0fU;
    std::size_t length = static_cast<unsigned char>(bytes[1]) & 0x7fU;
    std::size_t header = 6;
    if (length == 126) {
        header = 8;
        length = std::size_t{static_cast<unsigned char>(bytes[2])} << 8 |
                 static_cast<unsigned char>(bytes[3]);
    }
    if (length == 127) fail("a frame above 64 KiB");
    if (size < header + length) return 0;
    const char* mask = bytes + header - 4;
    char* payload = bytes + header;
    if (std::string_view(mask, 4) != mask_of_zeros) {
        for (std::size_t i = 0; i < length; ++i) {
            payload[i] = static_cast<char>(payload[i] ^ mask[i & 3]);
        }
    }
    if (opcode == 1) take_payload(socket, {payload, length});
    return header + length;
}

void Fanout::take_payload(Socket& socket, std::string_view payload) {
    if (socket.state == Socket::State::joining) {
        socket.state = Socket::State::joined;
        joined_.push_back(socket.fd);
        return send_now(socket, frame_of(R"({"type":"thread:joined"})"));
    }
    if (payload.substr(std::min(content_at_, payload.size()), content_key.size()) != content_key) {
        content_at_ = payload.find(content_key);
        if (content_at_ == std::string_view::npos) fail("a send without content");
    }
    const std::size_t start = content_at_ + content_key.size();
    const std::string_view content = payload.substr(start, payload.find('"', start) - start);
    delivery_.append_to(block_, content);
    answer_.append_to(socket.answers, content);
    ++sends_;
    if (socket.answered) return;
    socket.answered = true;
    senders_.push_back(socket.fd);
}

void Fanout::flush() {
    ++turns_;
    for (const int fd : senders_) flush_answers(sockets_[static_cast<std::size_t>(fd)]);
    for (const int fd : joined_) {
        Socket& socket = sockets_[static_cast<std::size_t>(fd)];
        if (socket.answered) {
            socket.answered = false;
        } else {
            flush_block(socket);
        }
    }
    senders_.clear();
    block_.clear();
}

void Fanout::flush_answers(Socket& socket) {
    if (!socket.unsent.empty()) {
        socket.unsent.insert(socket.unsent.end(), socket.answers.begin(), socket.answers.end());
        socket.answers.clear();
        return flush_block(socket);
    }
    std::array<iovec, 2> parts{
        iovec{socket.answers.data(), socket.answers.size()}, iovec{block_.data(), block_.size()}};
    const ssize_t sent = ::writev(socket.fd, parts.data(), 2);
    if (sent < 0 && errno != EAGAIN) fail("writev");
    std::size_t skip = sent < 0 ? 0 : static_cast<std::size_t>(sent);
    for (const iovec& part : parts) {
        const char* from = static_cast<const char*>(part.iov_base);
        const std::size_t done = std::min(skip, part.iov_len);
        socket.unsent.insert(socket.unsent.end(), from + done, from + part.iov_len);
        skip -= done;
    }
    socket.answers.clear();
}

void Fanout::flush_block(Socket& socket) {
    std::size_t done = 0;
    if (socket.unsent.empty()) {
        const ssize_t sent = ::send(socket.fd, block_.data(), block_.size(), MSG_NOSIGNAL);
        if (sent == static_cast<ssize_t>(block_.size())) return;
        if (sent < 0 && errno != EAGAIN) fail("send");
        if (sent > 0) done = static_cast<std::size_t>(sent);
    }
    socket.unsent.insert(
        socket.unsent.end(), block_.begin() + static_cast<std::ptrdiff_t>(done), block_.end()
    );
}

void Fanout::flush_unsent(Socket& socket) {
    const ssize_t sent =
        ::send(socket.fd, socket.unsent.data(), socket.unsent.size(), MSG_NOSIGNAL);
    if (sent > 0) socket.unsent.erase(socket.unsent.begin(), socket.unsent.begin() + sent);
}

void Fanout::send_now(Socket& socket, std::string_view bytes) {
    if (::send(socket.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) fail("send");
}

void Fanout::close(Socket& socket) {
    std::erase(joined_, socket.fd);
    std::erase(senders_, socket.fd);
    ::close(socket.fd);
    socket = Socket{};
}

}  // namespace

/// bench_limit_fanout PORT DELIVERY_BYTES ANSWER_BYTES (of the payloads)
int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: bench_limit_fanout PORT DELIVERY_BYTES ANSWER_BYTES\n");
        return 2;
    }

    struct sigaction stop {};

    stop.sa_handler = [](int) { stopped = 1; };
    ::sigaction(SIGTERM, &stop, nullptr);
    ::sigaction(SIGINT, &stop, nullptr);
    static Fanout fanout(std::stoul(argv[2]), std::stoul(argv[3]));
    fanout.listen(static_cast<std::uint16_t>(std::stoul(argv[1])));
    fanout.run();
}
