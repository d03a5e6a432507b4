// The life of a session: upgrade, sign-in, joins, (leaves,) then traffic.

#include "load/fleet.hpp"

#include "load/process.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace banter::bench {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::uint64_t silence_ns_max = 30'000'000'000;

std::string upgrade_request(
    const Options& options,
    const Dialect& dialect,
    const std::string* token
) {
    std::string text =
        "GET " + dialect.path() + " HTTP/1.1\r\nHost: " + options.server.host + ":" +
        std::to_string(options.server.port) +
        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (token != nullptr) text += "Authorization: Bearer " + *token + "\r\n";
    return text + "\r\n";
}

void send_whole(int fd, std::string_view bytes) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size())) {
        throw std::system_error(errno, std::generic_category(), "send to the server");
    }
}

[[noreturn]] void refuse(const Session& session, std::string_view payload) {
    throw std::runtime_error(
        "session " + std::to_string(session.index) + " could not be opened: " + std::string(payload)
    );
}

}  // namespace

Fleet::Fleet(const Options& options, Observer& observer)
    : options_(options),
      observer_(observer),
      dialect_(options.socketio ? make_socketio_dialect() : make_banter_dialect()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      sessions_(options.sessions),
      buffer_(buffer_bytes) {
    if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

Fleet::~Fleet() {
    for (const Session& session : sessions_) {
        if (session.fd >= 0) ::close(session.fd);
    }
    ::close(epoll_);
}

void Fleet::open() {
    std::uint32_t started = 0;
    std::size_t progress = 0;
    std::uint64_t progress_at = now_ns();
    while (joined_ < sessions_.size()) {
        while (started < sessions_.size() && started - joined_ < options_.opening_max) {
            sessions_[started].index = started;
            start(sessions_[started++]);
        }
        turn(100);
        if (closed_ > 0)
            throw std::runtime_error("the server closed a session while it was opened");
        if (reads_ != progress) {
            progress = reads_;
            progress_at = now_ns();
        } else if (now_ns() - progress_at > silence_ns_max) {
            throw std::runtime_error("the server fell silent while sessions were opened");
        }
    }
}

void Fleet::start(Session& session) {
    session.fd = connect_to(options_.server, session.index);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
    event.data.u32 = session.index;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, session.fd, &event) < 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
    const std::string* token = options_.tokens.empty() ? nullptr : &options_.tokens[session.index];
    send_whole(session.fd, upgrade_request(options_, *dialect_, token));
}

void Fleet::turn(int timeout_ms) {
    std::array<epoll_event, 1024> events;
    const int ready =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
    for (int i = 0; i < ready; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        drain(sessions_[event.data.u32], (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
    }
}

void Fleet::say(Session& session, std::string_view payload) {
    outgoing_.clear();
    mask_ = mask_ * 1664525 + 1013904223;
    append_client_frame(outgoing_, opcode_text, payload, mask_);
    send_whole(session.fd, outgoing_);
}

/// A read that didn't fill the buffer emptied the socket: what comes later is a new edge.
void Fleet::drain(Session& session, bool hung_up) {
    while (session.state != Session::State::closed) {
        const std::size_t kept = session.partial.size();
        if (kept > 0) std::memcpy(buffer_.data(), session.partial.data(), kept);
        const std::size_t room = buffer_.size() - kept;
        const ssize_t got = ::recv(session.fd, buffer_.data() + kept, room, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) return lost(session);
        const auto count = static_cast<std::size_t>(got);
        ++reads_;
        read_bytes_ += count;
        take(session, {buffer_.data(), kept + count});
        if (count < room && !hung_up) return;
    }
}

void Fleet::take(Session& session, std::string_view bytes) {
    if (session.state == Session::State::upgrading) bytes = take_upgrade(session, bytes);
    if (session.state != Session::State::upgrading) {
        while (const auto frame = decode_server_frame(bytes)) {
            take_frame(session, *frame);
            bytes.remove_prefix(frame->size);
        }
    }
    if (!bytes.empty() || !session.partial.empty()) session.partial.assign(bytes);
    if (session.partial.size() == buffer_.size()) throw std::runtime_error("a frame is too long");
}

std::string_view Fleet::take_upgrade(Session& session, std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return bytes;
    if (!bytes.starts_with("HTTP/1.1 101")) refuse(session, bytes.substr(0, end));
    session.state = Session::State::opening;
    return bytes.substr(end + 4);
}

void Fleet::take_frame(Session& session, const ServerFrame& frame) {
    if (frame.opcode == opcode_ping) {
        outgoing_.clear();
        append_client_frame(outgoing_, opcode_pong, frame.payload, mask_);
        return send_whole(session.fd, outgoing_);
    }
    if (frame.opcode == opcode_close) return lost(session);
    if (frame.opcode != opcode_text) return;
    const Saying saying = dialect_->saying(frame.payload);
    if (saying == Saying::heartbeat) return say(session, "3");
    if (session.state == Session::State::joined) {
        observer_.received(session, saying, frame);
    } else {
        advance(session, saying, frame.payload);
    }
}

void Fleet::advance(Session& session, Saying saying, std::string_view payload) {
    if (saying == Saying::failure) refuse(session, payload);
    if (saying == Saying::opened) return say(session, "40");
    if (saying == Saying::connected) return join_next(session);
    if (saying == Saying::joined) {
        ++session.step;
        return join_next(session);
    }
    if (saying == Saying::left) {
        --session.step;
        leave_next(session);
    }
}

void Fleet::join_next(Session& session) {
    session.state = Session::State::joining;
    if (session.step == options_.memberships) return leave_next(session);
    say(session, dialect_->join(thread_of(session, session.step)));
}

/// Leaving ends the live events; the user stays a member.
void Fleet::leave_next(Session& session) {
    session.state = Session::State::leaving;
    if (session.step > 1)
        return say(session, dialect_->leave(thread_of(session, session.step - 1)));
    session.state = Session::State::joined;
    ++joined_;
}

void Fleet::lost(Session& session) {
    ::close(session.fd);
    session.fd = -1;
    session.state = Session::State::closed;
    ++closed_;
}

std::string_view Fleet::thread_of(const Session& session, std::size_t step) const {
    return options_.threads[(session.index + step) % options_.threads.size()];
}

}  // namespace banter::bench
