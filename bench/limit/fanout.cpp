// The limit of S1: the least that a program can do to bring the same bytes to the same sockets.
// It checks nothing, keeps nothing and knows neither JSON nor HTTP: the first request on a socket
// is answered by a 101 and a `connected`, the first frame by a `thread:joined`, each further one is
// a send. A turn reads all that has arrived, lays the frames of its sends into one block, and hands
// that block to each socket in one system call, senders with their answers in front.
//
// It may also answer at once and keep the block, for a given time or until it holds a given number
// of sends: then more deliveries share a system call, as when Banter waits for a commit. Without
// durability nothing else has to be waited for. Edge-triggered: an idle turn costs one wait.

#include "limit/frame_template.hpp"
#include "limit/socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using banter::bench::fail;
using banter::bench::frame_of;
using banter::bench::FrameTemplate;
using banter::bench::Socket;
using Clock = std::chrono::steady_clock;

constexpr std::string_view upgraded =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
constexpr std::string_view alive = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view content_key = "\"content\":\"";
constexpr std::string_view mask_of_zeros("\0\0\0\0", 4);

volatile sig_atomic_t stopped = 0;

struct Options {
    std::uint16_t port = 0;
    std::size_t delivery_bytes = 0;  // of a payload
    std::size_t answer_bytes = 0;    // of a payload
    Clock::duration hold{};    // how long deliveries are kept at most; none: sent in their turn
    std::size_t held_max = 0;  // sends whose deliveries are kept at most
};

class Fanout {
public:
    explicit Fanout(const Options& options)
        : options_(options),
          delivery_("message:new", options.delivery_bytes),
          answer_("message:sent", options.answer_bytes),
          epoll_(::epoll_create1(0)),
          sockets_(65536) {}

    void listen();
    void run();

private:
    void accept_all();
    void watch(int fd, std::uint32_t events) const;
    void receive(Socket& socket);
    std::size_t take_request(Socket& socket, std::string_view bytes);
    std::size_t take_frame(Socket& socket, char* bytes, std::size_t size);
    void take_payload(Socket& socket, std::string_view payload);
    int wait(std::span<epoll_event> events) const;
    void end_turn();
    void answer();
    void flush();
    void close(Socket& socket);

    Options options_;
    FrameTemplate delivery_;
    FrameTemplate answer_;
    int epoll_;
    int listener_ = -1;
    std::vector<Socket> sockets_;  // by descriptor
    std::vector<int> joined_;      // descriptors, in the order of joining
    std::vector<int> senders_;     // of this turn
    std::vector<char> block_;      // deliveries that are to be sent
    std::size_t held_ = 0;         // how many sends they are of
    Clock::time_point held_since_;
    std::array<char, 256 * 1024> buffer_{};
    std::size_t content_at_ = 0;
    unsigned long long flushes_ = 0;
    unsigned long long sends_ = 0;
};

void Fanout::listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(options_.port);
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
        const int ready = wait(events);
        for (int i = 0; i < ready; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            if (event.data.fd == listener_) {
                accept_all();
                continue;
            }
            Socket& socket = sockets_[static_cast<std::size_t>(event.data.fd)];
            if ((event.events & EPOLLOUT) != 0 && !socket.unsent.empty()) socket.send_unsent();
            if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) receive(socket);
        }
        if (held_ > 0) end_turn();
    }
    std::printf(
        "{\"flushes\":%llu,\"sends\":%llu,\"sendsPerFlush\":%.3f}\n",
        flushes_,
        sends_,
        flushes_ > 0 ? static_cast<double>(sends_) / static_cast<double>(flushes_) : 0
    );
}

/// Until something arrives, or the deliveries that are kept must go out.
int Fanout::wait(std::span<epoll_event> events) const {
    timespec left{};
    const timespec* until = nullptr;
    if (held_ > 0) {
        const auto time = std::max(held_since_ + options_.hold - Clock::now(), Clock::duration{});
        left.tv_nsec = std::chrono::nanoseconds(time).count();
        until = &left;
    }
    return ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), until, nullptr);
}

void Fanout::end_turn() {
    if (held_ >= options_.held_max || Clock::now() - held_since_ >= options_.hold) {
        flush();
    } else {
        answer();
    }
}

/// The senders alone.
void Fanout::answer() {
    for (const int fd : senders_) {
        Socket& socket = sockets_[static_cast<std::size_t>(fd)];
        socket.send_answers({});
        socket.answered = false;
    }
    senders_.clear();
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
        socket.send(alive);
        return end + 4;
    }
    socket.state = Socket::State::joining;
    socket.send(upgraded);
    socket.send(frame_of(R"({"type":"connected"})"));
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
        return socket.send(frame_of(R"({"type":"thread:joined"})"));
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
    if (held_++ == 0) held_since_ = Clock::now();
    if (socket.answered) return;
    socket.answered = true;
    senders_.push_back(socket.fd);
}

/// Senders first, so that their next sends arrive while the others are served.
void Fanout::flush() {
    ++flushes_;
    const std::string_view block(block_.data(), block_.size());
    for (const int fd : senders_) sockets_[static_cast<std::size_t>(fd)].send_answers(block);
    for (const int fd : joined_) {
        Socket& socket = sockets_[static_cast<std::size_t>(fd)];
        if (!socket.answered) socket.send(block);
        socket.answered = false;
    }
    senders_.clear();
    block_.clear();
    held_ = 0;
}

void Fanout::close(Socket& socket) {
    std::erase(joined_, socket.fd);
    std::erase(senders_, socket.fd);
    ::close(socket.fd);
    socket = Socket{};
}

}  // namespace

/// bench_limit_fanout PORT DELIVERY_BYTES ANSWER_BYTES [HOLD_MICROSECONDS HELD_MAX]
int main(int argc, char** argv) {
    if (argc != 4 && argc != 6) {
        std::fprintf(
            stderr,
            "usage: bench_limit_fanout PORT DELIVERY_BYTES ANSWER_BYTES [HOLD_MICROSECONDS "
            "HELD_MAX]\n"
        );
        return 2;
    }

    struct sigaction stop {};

    stop.sa_handler = [](int) { stopped = 1; };
    ::sigaction(SIGTERM, &stop, nullptr);
    ::sigaction(SIGINT, &stop, nullptr);
    Options options;
    options.port = static_cast<std::uint16_t>(std::stoul(argv[1]));
    options.delivery_bytes = std::stoul(argv[2]);
    options.answer_bytes = std::stoul(argv[3]);
    if (argc == 6) {
        options.hold = std::chrono::microseconds(std::stoul(argv[4]));
        options.held_max = std::stoul(argv[5]);
    }
    static Fanout fanout(options);
    fanout.listen();
    fanout.run();
}
