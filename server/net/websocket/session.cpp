#include "net/websocket/session.hpp"

#include "base/check.hpp"
#include "net/shard.hpp"
#include "net/websocket/sessions.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace banter::net::websocket {

Session::Session(
    Sessions& sessions,
    int descriptor,
    std::unique_ptr<Application> application,
    bool deflate
)
    : sessions_(sessions),
      application_(std::move(application)),
      descriptor_(descriptor),
      deflate_(deflate) {}

Session::~Session() {
    CHECK(state_ == State::dead);
    CHECK(application_ == nullptr);
}

Executor Session::executor() const { return sessions_.shard().executor(); }

Shard& Session::shard() const { return sessions_.shard(); }

void Session::start(std::string_view response, std::string rest) {
    shard().set_deadline(*this, sessions_.next_ping());
    if (!response.empty()) {
        outbox_.push_bytes(response);
        sessions_.queued(response.size());
        want_flush(true);
    }
    application_->on_open(*this);
    if (!rest.empty() && state_ != State::dead) {
        // Not from inside on_open, and in its place before what will be read.
        sessions_.backlog(static_cast<std::int64_t>(rest.size()));
        backlog_ = std::make_unique<std::string>(std::move(rest));
        read_later();
    }
}

void Session::on_ready(std::uint32_t events) {
    reads_later_ = false;
    if (state_ == State::dead) return;
    if ((events & EPOLLOUT) != 0 && blocked_) {
        blocked_ = false;
        heard_ = true;  // the peer took something in
        want_flush(outbox_.answer_bytes() > 0);
    }
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) end_expected_ = true;
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable_ = true;
    // A reset connection will not drain: don't wait for a pause to end.
    if ((events & EPOLLERR) != 0 && !may_read()) return die();
    read();
}

void Session::on_due() {
    if (state_ != State::open) return die();  // the close took too long
    // While nothing is read from the peer, it is not the peer who is late.
    if (reassembling_ && may_read()) {
        reassembling_ = false;
        shard().set_deadline(*this, sessions_.next_ping());
        return begin_close(State::closing, close_code::protocol_error, "a payload took too long");
    }
    ping();
}

void Session::ping() {
    // Who may not be read from can't be heard.
    const bool silent = !heard_ && pauses_ == 0;
    pings_missed_ = static_cast<std::uint8_t>(silent ? pings_missed_ + 1 : 0);
    if (pings_missed_ >= sessions_.limits().pings_missed_max) return die();
    heard_ = false;
    shard().set_deadline(*this, sessions_.next_ping());
    queue_own(Opcode::ping, {});
}

void Session::close(std::uint16_t code, std::string_view reason) {
    begin_close(State::closing, code, reason);
}

/// next: `closing` to await the peer's Close, `ending` if it came already or the peer broke the
/// protocol.
void Session::begin_close(State next, std::uint16_t code, std::string_view reason) {
    if (state_ != State::open) return;
    queue_own(Opcode::close, close_payload(code, reason));
    state_ = next;
    shard().set_deadline(*this, sessions_.limits().close_time);
    sessions_.ended(*this);
    read_later();  // no pause holds any more
}

/// The server ends TCP first (RFC 6455 7.1.1), and only its own side: closing with unread bytes
/// would reset the connection and might cost the peer our last bytes.
void Session::end_tcp() {
    if (std::exchange(tcp_ended_, true)) return;
    ::shutdown(descriptor_, SHUT_WR);
}

void Session::die() {
    if (state_ == State::dead) return;
    state_ = State::dead;
    shard().poller().remove(descriptor_, *this);
    ::close(descriptor_);
    TimingWheel::cancel(*this);
    sessions_.unqueued(outbox_.bytes());
    outbox_.clear();
    sessions_.ended(*this);
}

}  // namespace banter::net::websocket
