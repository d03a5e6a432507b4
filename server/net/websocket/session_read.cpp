// The reading half of a session.
#include "net/shard.hpp"
#include "net/websocket/session.hpp"
#include "net/websocket/sessions.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace banter::net::websocket {

bool Session::may_read() const {
    if (state_ == State::open) return pauses_ == 0 && !answers_pause_;
    return state_ != State::dead;  // to see the peer's Close, or the end of TCP
}

void Session::pause_reading() { ++pauses_; }

void Session::resume_reading() {
    if (--pauses_ == 0) read_later();
}

void Session::read_later() {
    const bool something = backlog_ != nullptr || readable_;
    if (!something || !may_read() || std::exchange(reads_later_, true)) return;
    shard().poller().again(*this, 0);
}

void Session::read() {
    if (backlog_ != nullptr && may_read()) {
        const auto bytes = std::exchange(backlog_, nullptr);
        sessions_.backlog(-static_cast<std::int64_t>(bytes->size()));
        decode(*bytes);
    }
    const std::size_t reads = sessions_.limits().reads_per_turn;
    for (std::size_t count = 0; readable_ && may_read() && backlog_ == nullptr; ++count) {
        if (count == reads) return read_later();
        if (!read_once()) return;
    }
}

/// False: nothing more can be read now or ever.
bool Session::read_once() {
    const auto buffer = shard().read_buffer();
    const std::size_t room = std::min(buffer.size(), sessions_.limits().read_bytes_max);
    const auto size = ::recv(descriptor_, buffer.data(), room, MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) return true;
    if (size < 0 && errno == EAGAIN) {
        readable_ = false;
        return false;
    }
    if (size <= 0) {
        die();
        return false;
    }
    const auto bytes = static_cast<std::size_t>(size);
    // Less than asked for was all there is: epoll tells when more has come.
    if (bytes < room && !end_expected_) readable_ = false;
    sessions_.received(bytes);
    heard_ = true;
    if (state_ != State::ending) decode(buffer.first(bytes));
    return true;
}

void Session::decode(std::span<char> bytes) {
    const DecoderRules& rules = sessions_.rules(deflate_);
    const std::size_t held_before = decoder_.partial_bytes();
    while (may_read() && state_ != State::ending) {
        const Decoded decoded = decoder_.next(bytes, rules);
        if (decoded.kind == Decoded::Kind::need_more) break;
        take(decoded);
    }
    sessions_.partial(
        static_cast<std::int64_t>(decoder_.partial_bytes()) - static_cast<std::int64_t>(held_before)
    );
    if (state_ == State::ending || state_ == State::dead) return;
    if (!bytes.empty()) {
        backlog_ = std::make_unique<std::string>(bytes.data(), bytes.size());
        sessions_.backlog(static_cast<std::int64_t>(bytes.size()));
    }
    watch_reassembly();
}

void Session::take(const Decoded& decoded) {
    using Kind = Decoded::Kind;
    sessions_.frame_received();
    switch (decoded.kind) {
        case Kind::text:
            if (state_ == State::open) application_->on_text(decoded.payload);
            break;
        case Kind::binary:
            if (state_ == State::open) application_->on_binary(decoded.payload);
            break;
        case Kind::ping:
            if (state_ == State::open) queue_own(Opcode::pong, decoded.payload);
            break;
        case Kind::close:
        case Kind::failed:
            // Either way nothing that follows is looked at.
            if (state_ == State::closing) {
                state_ = State::ending;
                if (outbox_.empty()) end_tcp();
                break;
            }
            sessions_.drop_broadcasts(*this);
            begin_close(State::ending, decoded.code, {});
            break;
        case Kind::pong:
        case Kind::need_more: break;
    }
}

/// A payload that has begun has to end in time; pings wait meanwhile, for the peer is being heard.
void Session::watch_reassembly() {
    if (state_ != State::open || decoder_.partial() == reassembling_) return;
    reassembling_ = decoder_.partial();
    const auto after = reassembling_ ? sessions_.limits().reassembly_time : sessions_.next_ping();
    shard().set_deadline(*this, after);
}

}  // namespace banter::net::websocket
