// The writing half of a session.
#include "net/shard.hpp"
#include "net/websocket/session.hpp"
#include "net/websocket/sessions.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace banter::net::websocket {

void Session::send_own(Opcode opcode, std::string_view payload) {
    if (state_ == State::open) queue_own(opcode, payload);
}

void Session::queue_own(Opcode opcode, std::string_view payload) {
    const std::size_t before = outbox_.bytes();
    outbox_.push_frame(opcode, payload);
    sessions_.queued(outbox_.bytes() - before);
    if (outbox_.answer_bytes() > sessions_.limits().answer_bytes_pausing) answers_pause_ = true;
    want_flush(true);
}

void Session::send_broadcast(const LocalFrame& frame) {
    if (state_ != State::open) return;
    const std::size_t before = outbox_.bytes();
    if (blocked_) {
        outbox_.push_reference(frame, deflate_);
    } else {
        outbox_.push_run(frame, deflate_, sessions_.turn_blocks());
    }
    sessions_.queued(outbox_.bytes() - before);
    // Only who can't be sent to is slow: a turn may bring more than the bound before anything was
    // sent.
    const std::size_t most = sessions_.limits().broadcast_bytes_max;
    if (!blocked_ && outbox_.broadcast_bytes() > most) flush();
    if (state_ != State::open) return;
    if (blocked_ && outbox_.broadcast_bytes() > most) {
        sessions_.drop_broadcasts(*this);
        sessions_.slow_closed();
        begin_close(State::closing, close_code::too_slow, "too slow");
        return;
    }
    want_flush(false);
}

void Session::want_flush(bool urgent) {
    // Who is blocked is flushed when the kernel has room again.
    if (!blocked_ && !(urgent ? in_urgent_list_ : in_flush_list_))
        sessions_.want_flush(*this, urgent);
}

void Session::flush() {
    while (state_ != State::dead && !blocked_ && !outbox_.empty()) {
        if (!send_some()) break;
    }
    if (state_ == State::dead) return;
    // What could not be sent outlives the turn's blocks.
    if (blocked_) sessions_.sent(outbox_.settle(sessions_.turn_blocks()), 0);
    if (outbox_.answer_bytes() == 0) flushed();
}

/// One system call. False: nothing more can be sent now.
bool Session::send_some() {
    const auto buffers = sessions_.buffers();
    const std::size_t count = outbox_.gather(buffers, sessions_.turn_blocks());
    ssize_t size = 0;
    if (count == 1) {
        size = ::send(
            descriptor_, buffers[0].iov_base, buffers[0].iov_len, MSG_DONTWAIT | MSG_NOSIGNAL
        );
    } else {
        msghdr parts{};
        parts.msg_iov = buffers.data();
        parts.msg_iovlen = count;
        size = ::sendmsg(descriptor_, &parts, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    sessions_.called();
    if (size < 0 && errno == EINTR) return true;
    if (size < 0 && errno != EAGAIN) {
        die();
        return false;
    }
    std::size_t offered = 0;
    for (const iovec& part : buffers.first(count)) offered += part.iov_len;
    const auto sent = static_cast<std::size_t>(std::max<ssize_t>(size, 0));
    sessions_.sent(outbox_.consume(sent, sessions_.turn_blocks()), sent);
    // Less than offered: there is no room, and epoll tells when there is.
    blocked_ = sent < offered;
    return !blocked_;
}

/// No answer waits any more.
void Session::flushed() {
    if (std::exchange(answers_pause_, false)) read_later();
    if (state_ == State::ending && outbox_.empty()) end_tcp();
}

}  // namespace banter::net::websocket
