// One WebSocket session: bytes in, payloads out, and a bounded queue of what is to be sent.
//
// An idle session is this object and its application: no buffer, no coroutine, no timer and no Asio
// object of its own. It is told that its descriptor is readable, reads into the shard's buffer
// until nothing is left, and is written at the end of a turn with all that is queued, in one system
// call.
#pragma once

#include "base/task.hpp"
#include "net/poller.hpp"
#include "net/timing_wheel.hpp"
#include "net/websocket/application.hpp"
#include "net/websocket/close.hpp"
#include "net/websocket/frame.hpp"
#include "net/websocket/outbox.hpp"
#include "net/websocket/shared_frame.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace banter::net {
class Shard;
}

namespace banter::net::websocket {

class Sessions;

/// Lives in its shard's Sessions, which makes and destroys it. Every call on its shard.
///
/// From the moment it is closed, by whom ever, it takes nothing more: sends are dropped without a
/// word, and nothing is handed to the application but on_closed, at the end of the turn.
class Session final : public boost::intrusive::list_base_hook<>,
                      private Poller::Watched,
                      private TimingWheel::Entry {
public:
    /// For Sessions::add only.
    Session(
        Sessions& sessions,
        int descriptor,
        std::unique_ptr<Application> application,
        bool deflate
    );
    ~Session();

    /// Queues a text frame (valid UTF-8). While more than Limits::answer_bytes_pausing of these
    /// wait, nothing is read, until all are gone.
    void send_answer(std::string_view payload) { send_own(Opcode::text, payload); }
    /// The same with a binary frame.
    void send_binary(std::string_view payload) { send_own(Opcode::binary, payload); }

    /// Queues a broadcast: a pointer. If more than Limits::broadcast_bytes_max would wait, drops
    /// those that wait and closes with 4408.
    void send_broadcast(const LocalFrame& frame);

    /// Sends what is queued, then Close; the peer has Limits::close_time to answer. A later call
    /// changes nothing. reason: UTF-8, at most 123 bytes are sent.
    void close(std::uint16_t code, std::string_view reason = {});

    /// Hands nothing more to the application, and reads nothing, until `resume_reading`; the peer's
    /// sends back up in TCP. Takes effect at once, also inside on_text. Calls pair, and nest.
    void pause_reading();
    void resume_reading();

    /// Bytes that wait to be sent.
    [[nodiscard]] std::size_t queued_bytes() const { return outbox_.bytes(); }
    [[nodiscard]] bool is_open() const { return state_ == State::open; }
    [[nodiscard]] Executor executor() const;
    [[nodiscard]] Shard& shard() const;
    [[nodiscard]] Sessions& sessions() const { return sessions_; }

private:
    friend class Sessions;

    enum class State : std::uint8_t {
        open,
        closing,  // our Close is queued or sent, the peer's is awaited
        ending,   // no Close is awaited any more: what is queued goes out, then the end of TCP
        dead      // destroyed at the turn's end
    };

    void start(std::string_view response, std::string rest);
    void on_ready(std::uint32_t events) override;
    void on_due() override;

    // Reading, in session_read.cpp.
    void read();
    bool read_once();
    void decode(std::span<char> bytes);
    void take(const Decoded& decoded);
    void drop_input();
    void read_later();
    void watch_reassembly();
    [[nodiscard]] bool may_read() const;

    // Writing, in session_write.cpp.
    void send_own(Opcode opcode, std::string_view payload);
    void queue_own(Opcode opcode, std::string_view payload);
    void want_flush(bool urgent);
    void flush();
    bool send_some();
    void flushed();

    // Time and ending, in session.cpp.
    void ping();
    void begin_close(State next, std::uint16_t code, std::string_view reason);
    void end_tcp();
    void die();

    Sessions& sessions_;
    std::unique_ptr<Application> application_;
    Decoder decoder_;
    std::unique_ptr<std::string> backlog_;  // read, and not handed on because of a pause
    Outbox outbox_;
    int descriptor_;
    std::uint16_t pauses_ = 0;
    State state_ = State::open;
    std::uint8_t pings_missed_ = 0;
    bool deflate_;
    bool readable_ = false;       // was told so, and has not read all since
    bool end_expected_ = false;   // the peer has ended its side of TCP
    bool blocked_ = false;        // the kernel takes nothing more until it says so
    bool answers_pause_ = false;  // too many unsent answers
    bool heard_ = true;           // a sign of life since the last ping
    bool reads_later_ = false;    // is in the poller's list for the next turn
    bool reassembling_ = false;   // the deadline is a partial payload's
    bool tcp_ended_ = false;      // our side
    bool in_flush_list_ = false;
    bool in_urgent_list_ = false;
    bool in_ended_list_ = false;
};

/// Of 2 KiB that an idle session may cost with its application, this is the engine's part.
static_assert(sizeof(Session) <= 192);

}  // namespace banter::net::websocket
