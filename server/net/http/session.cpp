#include "net/http/session.hpp"

#include "net/websocket/extensions.hpp"
#include "net/websocket/handshake.hpp"

#include <boost/asio/redirect_error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace banter::net::http {

namespace {

/// Most that is read of a connection at once.
constexpr std::size_t read_bytes_max = 64 * 1024;

SteadyTime now() { return std::chrono::steady_clock::now(); }

}  // namespace

Session::Session(Shard& shard, Socket socket, const Endpoint& peer, Application& application)
    : shard_(shard),
      socket_(std::move(socket)),
      application_(application),
      parser_(shard.limits(), [this](const Request& head) { return body_rule(head); }),
      peer_address_(peer.address().to_string()),
      peer_port_(peer.port()) {}

BodyRule Session::body_rule(const Request& head) {
    const std::size_t bytes_max = application_.body_bytes_max(head, shard_.limits().body_bytes_max);
    return {bytes_max, application_.streams_body(head)};
}

Task<std::optional<Upgraded>> Session::run() {
    expect(Waiting::head);
    for (;;) {
        auto outcome = parser_.next();
        if (std::holds_alternative<NeedMore>(outcome)) {
            const bool came = co_await more();
            if (came) continue;
            break;
        }
        if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
            co_await refuse(refusal->status, refusal->why);
            break;
        }
        rest();
        Request request = std::get<Request>(std::move(outcome));
        request.peer_address = peer_address_;
        request.peer_port = peer_port_;
        // Whose body is still on its way can't change the protocol yet; to stay is allowed.
        if (!parser_.streaming() && websocket::asks_for_websocket(request)) {
            co_return co_await upgrade(std::move(request));
        }
        const bool goes_on = co_await answer(std::move(request));
        if (!goes_on) break;
        answered_one_ = true;
    }
    rest();
    co_return std::nullopt;
}

void Session::drain() {
    draining_ = true;
    const bool idle = waiting_ == Waiting::idle || waiting_ == Waiting::head;
    if (idle && parser_.between_requests()) socket_.cancel();
}

// --- Deadlines
// -------------------------------------------------------------------------------------

void Session::expect(Waiting what) {
    const Limits& limits = shard_.limits();
    if (waiting_ == what && what != Waiting::write && what != Waiting::end) return;
    waiting_ = what;
    began_ = now();
    switch (what) {
        case Waiting::nothing: TimingWheel::cancel(*this); break;
        case Waiting::head: shard_.set_deadline(*this, limits.head_time); break;
        case Waiting::idle: shard_.set_deadline(*this, limits.keep_alive_idle); break;
        case Waiting::stream: shard_.set_deadline(*this, pace_.patience()); break;
        case Waiting::end: shard_.set_deadline(*this, limits.linger_silence); break;
        case Waiting::body:
        case Waiting::write: shard_.set_deadline(*this, limits.body_grace); break;
    }
}

void Session::rest() { expect(Waiting::nothing); }

void Session::on_due() {
    const Limits& limits = shard_.limits();
    if (waiting_ == Waiting::nothing) return;
    if (waiting_ == Waiting::body || waiting_ == Waiting::write) {
        // Slow is allowed, slower than the least rate is not.
        const std::size_t bytes = waiting_ == Waiting::body ? parser_.body_bytes() : write_bytes_;
        const std::chrono::milliseconds earned(bytes * 1'000 / limits.body_rate_min);
        const auto left = began_ + limits.body_grace + earned - now();
        if (left > limits.wheel_tick) {
            shard_.set_deadline(*this, std::chrono::ceil<std::chrono::milliseconds>(left));
            return;
        }
    }
    timed_out_ = true;
    socket_.cancel();
}

// --- Reading
// ---------------------------------------------------------------------------------------

/// Waits for more of a request. False: the connection is over.
Task<bool> Session::more() {
    if (parser_.between_requests()) {
        if (draining_) co_return false;
        if (answered_one_) expect(Waiting::idle);
    } else {
        expect(parser_.in_body() ? Waiting::body : Waiting::head);
    }
    if (parser_.take_expect_continue()) {
        std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool written = co_await write(std::move(go_on));
        if (!written) co_return false;
        expect(Waiting::body);
    }
    const bool filled = co_await fill();
    if (filled) co_return true;
    if (timed_out_ && !parser_.between_requests()) {
        timed_out_ = false;
        co_await refuse(408, "the request took too long");
    }
    co_return false;
}

/// Reads what is there into the parser; waits until there is something. False: end, failure or
/// deadline.
Task<bool> Session::fill() {
    for (;;) {
        boost::system::error_code failure;
        co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, failure));
        if (failure || timed_out_) co_return false;
        const auto buffer = shard_.read_buffer();
        const std::size_t room = std::min(buffer.size(), read_bytes_max);
        const auto size = ::recv(socket_.native_handle(), buffer.data(), room, MSG_DONTWAIT);
        if (size > 0) {
            parser_.feed({buffer.data(), static_cast<std::size_t>(size)});
            co_return true;
        }
        if (size == 0 || (errno != EAGAIN && errno != EINTR)) co_return false;
    }
}

// --- Writing
// ---------------------------------------------------------------------------------------

Task<bool> Session::write(std::string bytes) {
    std::string_view left = bytes;
    write_bytes_ = bytes.size();
    expect(Waiting::write);
    while (!left.empty()) {
        const auto size =
            ::send(socket_.native_handle(), left.data(), left.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size > 0) {
            left.remove_prefix(static_cast<std::size_t>(size));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) co_return false;
        boost::system::error_code failure;
        co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(use_task, failure));
        if (failure || timed_out_) co_return false;
    }
    rest();
    co_return true;
}

/// False: the connection is over.
Task<bool> Session::send(Response response, bool head_only, bool keep_alive) {
    const bool stays = keep_alive && !response.close && !draining_;
    const Delivery delivery{head_only, stays, std::chrono::system_clock::now()};
    bool written = false;
    if (response.streamed() && !head_only) {
        written = co_await send_stream(std::move(response), delivery);
    } else {
        std::string bytes = serialize_head(response, delivery);
        if (!head_only) bytes += response.body;
        written = co_await write(std::move(bytes));
    }
    if (!written) co_return false;
    if (!stays) co_await linger();
    co_return stays;
}

Task<bool> Session::answer(Request request) {
    if (parser_.streaming()) co_return co_await answer_streamed(std::move(request));
    const bool head_only = request.method == "HEAD";
    const bool keep_alive = request.keep_alive;
    Response response = co_await application_.respond(std::move(request));
    co_return co_await send(std::move(response), head_only, keep_alive);
}

Task<> Session::refuse(int status, std::string_view why) {
    Response response = application_.refuse(status, why, parser_.head());
    if (status == 426) response.headers.set("Sec-WebSocket-Version", "13");
    co_await send(std::move(response), false, false);
}

/// Lets the peer read the last answer before the socket is closed.
Task<> Session::linger() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    const Limits& limits = shard_.limits();
    const SteadyTime begin = now();
    while (now() - begin < (draining_ ? limits.linger_silence : limits.linger_time)) {
        expect(Waiting::end);
        boost::system::error_code failure;
        co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, failure));
        if (failure || timed_out_) co_return;
        const auto buffer = shard_.read_buffer();
        const auto size =
            ::recv(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) co_return;
    }
}

// --- Becoming a WebSocket
// --------------------------------------------------------------------------

Task<std::optional<Upgraded>> Session::upgrade(Request request) {
    if (draining_) {
        co_await refuse(503, "the server is going down");
        co_return std::nullopt;
    }
    if (const auto problem = websocket::check_handshake(request)) {
        co_await refuse(problem->status, problem->why);
        co_return std::nullopt;
    }
    const std::string key = *request.headers.find("Sec-WebSocket-Key");
    std::string deflate =
        websocket::negotiate_deflate(request.headers.find_all("Sec-WebSocket-Extensions"));

    UpgradeDecision decision = co_await application_.upgrade(std::move(request));
    if (auto* refused = std::get_if<Response>(&decision)) {
        co_await send(std::move(*refused), false, false);
        co_return std::nullopt;
    }
    auto& agreed = std::get<Upgrade>(decision);
    if (!agreed.deflate) deflate.clear();
    Upgraded upgraded;
    upgraded.application = std::move(agreed.application);
    upgraded.response = websocket::handshake_response(key, deflate, agreed.headers);
    upgraded.rest = parser_.take_rest();
    upgraded.deflate = !deflate.empty();
    boost::system::error_code failure;
    upgraded.descriptor = socket_.release(failure);
    if (failure) co_return std::nullopt;
    co_return upgraded;
}

}  // namespace banter::net::http
