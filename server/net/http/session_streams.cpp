// Bodies that are not held whole: those of requests as they come, those of answers as they are read
// from a source or a file.
#include "base/check.hpp"
#include "net/http/body_source.hpp"
#include "net/http/request_body.hpp"
#include "net/http/session.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <fmt/format.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

namespace banter::net::http {

namespace {

/// Bytes of a file that are sent in one turn; then it is the others' turn. A reader on the same
/// machine may never let the socket fill up.
constexpr std::size_t file_bytes_per_turn = 256 * 1024;

SteadyTime now() { return std::chrono::steady_clock::now(); }

BodyPiece::Kind kind_of(BodyReader::State state) {
    switch (state) {
        case BodyReader::State::need_more: return BodyPiece::Kind::bytes;
        case BodyReader::State::done: return BodyPiece::Kind::end;
        case BodyReader::State::malformed: return BodyPiece::Kind::malformed;
        case BodyReader::State::too_large: return BodyPiece::Kind::too_large;
    }
    return BodyPiece::Kind::malformed;
}

}  // namespace

// --- The body of a request
// -------------------------------------------------------------------------

/// Of the request that is being answered.
class Session::IncomingBody final : public RequestBody {
public:
    explicit IncomingBody(Session& session) : session_(session) {}

    Task<BodyPiece> next() override {
        using Kind = BodyPiece::Kind;
        bytes_.clear();
        while (state_ == Kind::bytes) {
            state_ = kind_of(session_.parser_.read_streamed(bytes_));
            if (failed()) break;
            if (!bytes_.empty()) {
                session_.pace_.moved(bytes_.size());
                co_return BodyPiece{Kind::bytes, bytes_};
            }
            if (state_ == Kind::end) break;
            const bool came = co_await session_.more_of_stream();
            if (!came) state_ = session_.timed_out_ ? Kind::too_slow : Kind::gone;
        }
        co_return BodyPiece{state_, {}};
    }

    [[nodiscard]] std::optional<std::uint64_t> left() const override {
        if (state_ == BodyPiece::Kind::end) return 0;
        return session_.parser_.streamed_left();
    }

    /// What the next piece is if no more is read; `bytes`: nobody knows.
    [[nodiscard]] BodyPiece::Kind state() const { return state_; }
    [[nodiscard]] bool failed() const { return BodyPiece{state_, {}}.failed(); }

private:
    Session& session_;
    BodyPiece::Kind state_ = BodyPiece::Kind::bytes;
    std::string bytes_;
};

/// Answers a request whose body is still to be read. False: the connection is over.
Task<bool> Session::answer_streamed(Request request) {
    const bool head_only = request.method == "HEAD";
    const bool keep_alive = request.keep_alive;
    const Limits& limits = shard_.limits();
    pace_ = Pace(limits.stream_grace, limits.body_rate_min);
    IncomingBody body(*this);
    request.stream = &body;
    Response response = co_await application_.respond(std::move(request));
    if (body.failed()) {
        timed_out_ = false;
        switch (body.state()) {
            case BodyPiece::Kind::too_slow:
                co_await refuse(408, "the request took too long");
                break;
            case BodyPiece::Kind::too_large: co_await refuse(413, "the body is too large"); break;
            case BodyPiece::Kind::malformed:
                co_await refuse(400, "the body's chunks are malformed");
                break;
            default: break;
        }
        co_return false;
    }
    const bool can_stay = keep_alive && can_read_rest();
    const bool stays = co_await send(std::move(response), head_only, can_stay);
    if (!stays) co_return false;
    pace_ = Pace(limits.stream_grace, limits.body_rate_min);
    while (parser_.streaming()) {
        const BodyPiece dropped = co_await body.next();
        if (dropped.failed()) co_return false;
    }
    co_return true;
}

/// Whether what is left of a body that nobody wants is short enough to be read. Drops what is here.
bool Session::can_read_rest() {
    if (!parser_.streaming()) return true;
    // Who waits to be told to go on may send the body or not: no telling what comes next.
    if (parser_.expects_continue()) return false;
    std::string dropped;
    switch (parser_.read_streamed(dropped)) {
        case BodyReader::State::done: return true;
        case BodyReader::State::malformed:
        case BodyReader::State::too_large: return false;
        case BodyReader::State::need_more: break;
    }
    const auto left = parser_.streamed_left();
    return left && *left <= shard_.limits().unread_bytes_max;
}

/// Waits for more of a streamed body. False: the peer is gone, or too slow (`timed_out_`).
Task<bool> Session::more_of_stream() {
    if (parser_.take_expect_continue()) {
        std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool written = co_await write(std::move(go_on));
        if (!written) co_return false;
    }
    const SteadyTime began = now();
    expect(Waiting::stream);
    const bool filled = co_await fill();
    rest();
    pace_.waited(now() - began);
    co_return filled;
}

// --- The body of a response
// ------------------------------------------------------------------------

/// False: it did not leave as it should have, and the connection has to be cut.
Task<bool> Session::send_stream(Response response, const Delivery& delivery) {
    const std::string head = serialize_head(response, delivery);
    pace_ = Pace(shard_.limits().stream_grace, shard_.limits().body_rate_min);
    // The head shares its first packet with the body.
    const int flags = response.body_bytes() > 0 || response.chunked() ? MSG_MORE : 0;
    const bool begun = co_await write_paced(head, flags);
    if (!begun) co_return false;
    bool whole = false;
    if (auto* sourced = std::get_if<SourcedBody>(&response.stream)) {
        whole = co_await send_source(*sourced);
    } else {
        whole = co_await send_file(std::get<FileBody>(response.stream));
    }
    co_return whole;
}

Task<bool> Session::send_source(SourcedBody& body) {
    CHECK(body.source != nullptr);
    if (!body.length) co_return co_await send_chunks(*body.source);
    for (std::uint64_t left = *body.length; left > 0;) {
        const std::string_view bytes = co_await body.source->next();
        if (bytes.empty() || bytes.size() > left) co_return false;
        left -= bytes.size();
        const bool written = co_await write_paced(bytes, 0);
        if (!written) co_return false;
    }
    co_return true;
}

/// RFC 9112 7.1.
Task<bool> Session::send_chunks(BodySource& source) {
    for (;;) {
        const std::string_view bytes = co_await source.next();
        if (bytes.empty()) co_return co_await write_paced("0\r\n\r\n", 0);
        const std::string line = fmt::format("{:x}\r\n", bytes.size());
        bool written = co_await write_paced(line, MSG_MORE);
        if (!written) co_return false;
        written = co_await write_paced(bytes, MSG_MORE);
        if (!written) co_return false;
        written = co_await write_paced("\r\n", 0);
        if (!written) co_return false;
    }
}

Task<bool> Session::send_file(const FileBody& body) {
    constexpr std::uint64_t end_max = std::numeric_limits<off_t>::max();
    CHECK(body.length <= end_max && body.offset <= end_max - body.length);
    auto offset = static_cast<off_t>(body.offset);
    std::size_t bytes_of_turn = 0;
    for (std::uint64_t left = body.length; left > 0;) {
        if (bytes_of_turn >= file_bytes_per_turn) {
            bytes_of_turn = 0;
            co_await asio::post(shard_.executor(), use_task);
        }
        const auto most = static_cast<std::size_t>(
            std::min<std::uint64_t>(left, file_bytes_per_turn - bytes_of_turn)
        );
        const auto size = ::sendfile(socket_.native_handle(), *body.file, &offset, most);
        if (size > 0) {
            left -= static_cast<std::size_t>(size);
            bytes_of_turn += static_cast<std::size_t>(size);
            pace_.moved(static_cast<std::size_t>(size));
            continue;
        }
        if (size == 0) co_return false;  // the file is shorter than was said
        if (errno == EINTR) continue;
        if (errno != EAGAIN) co_return false;
        bytes_of_turn = 0;
        const bool ready = co_await writable();
        if (!ready) co_return false;
    }
    co_return true;
}

Task<bool> Session::write_paced(std::string_view bytes, int flags) {
    while (!bytes.empty()) {
        const auto size = ::send(
            socket_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL | flags
        );
        if (size > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(size));
            pace_.moved(static_cast<std::size_t>(size));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) co_return false;
        const bool ready = co_await writable();
        if (!ready) co_return false;
    }
    co_return true;
}

/// Waits until the peer has made room. False: it is gone, or too slow.
Task<bool> Session::writable() {
    const SteadyTime began = now();
    expect(Waiting::stream);
    boost::system::error_code failure;
    co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(use_task, failure));
    rest();
    pace_.waited(now() - began);
    co_return !failure && !timed_out_;
}

}  // namespace banter::net::http
