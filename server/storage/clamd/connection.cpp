#include "storage/clamd/connection.hpp"

#include "base/result.hpp"
#include "storage/clamd/protocol.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <utility>

namespace banter::clamd {

namespace {

using namespace asio::experimental::awaitable_operators;
using boost::system::error_code;

constexpr const char* too_slow = "it takes too long";

}  // namespace

Connection::Connection(Executor loop, const Address& address, const Times& times)
    : loop_(loop), address_(address), times_(times), socket_(loop) {}

Task<> Connection::open() {
    Timer timer(loop_, times_.connect);
    error_code failure;
    error_code late;
    auto connected =
        socket_.async_connect(address_.endpoint, asio::redirect_error(use_task, failure));
    auto deadline = timer.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(connected) || std::move(deadline)));
    const std::string doing = "it can't be reached: start it, or say where it listens";
    if (!late) fail(doing + " (" + too_slow + ")");
    if (failure) fail(doing, failure);
    socket_.non_blocking(true);
    // The last chunk is small and must not wait; on a local socket there is nothing to set.
    socket_.set_option(asio::ip::tcp::no_delay(true), failure);
}

Task<> Connection::send(std::string_view bytes) {
    Timer deadline(loop_, times_.take);
    error_code failure;
    if (socket_.available(failure) > 0) fail(already_said());
    while (!bytes.empty()) {
        const std::size_t sent = socket_.send(asio::buffer(bytes), 0, failure);
        if (failure == asio::error::would_block) {
            co_await wait_for_room(deadline);
            continue;
        }
        if (failure) fail("it takes no more: " + already_said(), failure);
        bytes.remove_prefix(sent);
    }
}

Task<> Connection::wait_for_room(Timer& deadline) {
    error_code room;
    error_code answer;
    error_code late;
    auto has_room = socket_.async_wait(Socket::wait_write, asio::redirect_error(use_task, room));
    auto answers = socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, answer));
    auto is_late = deadline.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(has_room) || std::move(answers) || std::move(is_late)));
    if (!answer) fail(already_said());
    if (!late) fail(too_slow);
    if (room) fail("waiting", room);
}

Task<std::string> Connection::receive(std::chrono::milliseconds within) {
    Timer deadline(loop_, within);
    std::string answer;
    std::array<char, 256> piece{};
    for (;;) {
        error_code failure;
        const std::size_t size = socket_.receive(asio::buffer(piece), 0, failure);
        if (failure == asio::error::would_block) {
            co_await wait_for_bytes(deadline);
            continue;
        }
        if (failure) fail(explain(answer) + " and goes", failure);
        answer.append(piece.data(), size);
        const std::size_t end = answer.find('\0');
        if (end + 1 == answer.size()) {
            answer.pop_back();
            co_return answer;
        }
        if (end != std::string::npos || answer.size() > answer_bytes_max) {
            fail("it says more than a clamd would");
        }
    }
}

Task<> Connection::wait_for_bytes(Timer& deadline) {
    error_code bytes;
    error_code late;
    auto has_bytes = socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, bytes));
    auto is_late = deadline.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(has_bytes) || std::move(is_late)));
    if (!late) fail(too_slow);
    if (bytes) fail("waiting", bytes);
}

std::string Connection::already_said() {
    std::array<char, answer_bytes_max> room{};
    error_code failure;
    const std::size_t size = socket_.receive(asio::buffer(room), 0, failure);
    if (size == 0) return "it went away";
    const std::string_view said(room.data(), size);
    return explain(said.substr(0, said.find('\0')));
}

void Connection::fail(const std::string& why) const {
    throw StorageFailure(Errc::storage_unavailable, "clamd at " + address_.text + ": " + why);
}

void Connection::fail(const std::string& doing, const error_code& failure) const {
    // Whoever asked is gone, and clamd has nothing to do with it.
    if (failure == asio::error::operation_aborted) throw boost::system::system_error(failure);
    fail(doing + " (" + failure.message() + ")");
}

}  // namespace banter::clamd
