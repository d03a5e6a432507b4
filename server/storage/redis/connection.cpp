#include "storage/redis/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace banter::redis {

namespace {

using namespace asio::experimental::awaitable_operators;
using boost::system::error_code;
using std::chrono::steady_clock;

/// Whose timer comes later than that has not asked the other side for anything meanwhile.
constexpr std::chrono::milliseconds oversleep_max{500};

std::vector<asio::ip::tcp::endpoint> resolve(const Place& place) {
    asio::io_context loop;
    asio::ip::tcp::resolver resolver(loop);
    std::vector<asio::ip::tcp::endpoint> endpoints;
    for (const auto& found : resolver.resolve(place.host, std::to_string(place.port))) {
        endpoints.push_back(found.endpoint());
    }
    return endpoints;
}

/// Returns whether there is something to say.
bool append_authentication(std::string& commands, const RedisOptions& options) {
    if (options.password.empty()) return false;
    if (options.user.empty())
        append_command(commands, {"AUTH", options.password});
    else
        append_command(commands, {"AUTH", options.user, options.password});
    return true;
}

}  // namespace

std::string name_of(const Place& place) {
    const bool bracketed = place.host.find(':') != std::string::npos;
    return bracketed ? fmt::format("Redis at [{}]:{}", place.host, place.port)
                     : fmt::format("Redis at {}:{}", place.host, place.port);
}

Connection::Connection(Executor loop, const Parts& parts)
    : loop_(loop), parts_(parts), socket_(loop) {}

Task<> Connection::open(Place place) {
    co_await reach(std::move(place));
    co_await greet();
}

Task<> Connection::open_sentinel(Place place) {
    co_await reach(std::move(place));
    std::string commands;
    const bool has_password = append_authentication(commands, parts_.options);
    if (has_password) static_cast<void>(co_await exchange(std::move(commands), 1));
}

Task<> Connection::reach(Place place) {
    name_ = name_of(place);
    Timer deadline(loop_, parts_.times.connect);
    co_await connect(place, deadline);
    if (parts_.options.tls) co_await encrypt(place, deadline);
}

Task<> Connection::connect(const Place& place, Timer& deadline) {
    Endpoints endpoints;
    std::string unknown;
    auto look_up = [place] { return resolve(place); };
    try {
        endpoints = co_await parts_.resolving.run(std::move(look_up));
    } catch (const boost::system::system_error& failure) {
        unknown = failure.code().message();
    }
    if (!unknown.empty()) lose("its host is unknown (" + unknown + ")");
    error_code failure;
    auto connecting =
        asio::async_connect(socket_, endpoints, asio::redirect_error(use_task, failure));
    error_code late;
    auto waiting = deadline.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(connecting) || std::move(waiting)));
    if (!late) lose("it can't be reached in time");
    if (failure) lose("it can't be reached (" + failure.message() + ")");
    socket_.set_option(asio::ip::tcp::no_delay(true), failure);
}

Task<> Connection::encrypt(const Place& place, Timer& deadline) {
    tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    error_code failure;
    if (const std::string& file = parts_.options.ca_file; !file.empty())
        tls_->load_verify_file(file, failure);
    else
        tls_->set_default_verify_paths(failure);
    if (failure) lose("whom to trust can't be read (" + failure.message() + ")");
    encrypted_ = std::make_unique<Encrypted>(socket_, *tls_);
    encrypted_->set_verify_mode(asio::ssl::verify_peer);
    encrypted_->set_verify_callback(asio::ssl::host_name_verification(place.host));
    SSL_set_tlsext_host_name(encrypted_->native_handle(), place.host.c_str());
    error_code late;
    auto shaking = encrypted_->async_handshake(
        asio::ssl::stream_base::client, asio::redirect_error(use_task, failure)
    );
    auto waiting = deadline.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(shaking) || std::move(waiting)));
    if (!late) lose("it does not agree on encryption in time");
    if (failure) lose("it does not agree on encryption (" + failure.message() + ")");
}

Task<> Connection::greet() {
    const RedisOptions& options = parts_.options;
    std::string commands;
    std::size_t answers = append_authentication(commands, options) ? 1 : 0;
    if (options.database > 0) {
        append_command(commands, {"SELECT", std::to_string(options.database)});
        ++answers;
    }
    append_command(commands, {"PING"});
    ++answers;
    const auto replies = co_await exchange(std::move(commands), answers);
    for (const Reply& reply : replies) {
        if (reply.failed()) throw RedisRefused(name_ + " does not let us in", reply);
    }
}

Task<> Connection::send(std::string commands) {
    Timer deadline(loop_, parts_.times.answer);
    const auto bytes = asio::buffer(commands);
    error_code failure;
    error_code late;
    const auto token = [&failure] { return asio::redirect_error(use_task, failure); };
    auto writing = encrypted_ ? asio::async_write(*encrypted_, bytes, token())
                              : asio::async_write(socket_, bytes, token());
    auto waiting = deadline.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(writing) || std::move(waiting)));
    // Where we stood still ourselves, it may have been taken all the same.
    if (failure == asio::error::operation_aborted) lose("it takes nothing");
    if (failure) lose("it takes nothing (" + failure.message() + ")");
}

Task<Reply> Connection::receive(std::chrono::milliseconds within) {
    Timer deadline(loop_, within);
    for (;;) {
        if (auto reply = reader_.next()) co_return *std::move(reply);
        if (const std::string fault = reader_.fault(); !fault.empty()) {
            lose("it speaks no Redis (" + fault + ")");
        }
        Arrival arrival;
        error_code late;
        auto reading = read(arrival);
        auto waiting = deadline.async_wait(asio::redirect_error(use_task, late));
        static_cast<void>(co_await (std::move(reading) || std::move(waiting)));
        const bool is_late = !late && arrival.size == 0;
        // Or was it we who stood still?
        const bool overslept = steady_clock::now() - deadline.expiry() > oversleep_max;
        if (is_late && !overslept && !has_bytes()) lose("it does not answer");
        const bool ended = arrival.failure && !is_late;
        if (ended) lose("it went away (" + arrival.failure.message() + ")");
        if (is_late) deadline.expires_after(within);
        reader_.feed({room_.data(), arrival.size});
    }
}

/// What has come is not forgotten, also if nobody waits for it any more.
Task<> Connection::read(Arrival& arrival) {
    const auto room = asio::buffer(room_);
    auto token = asio::redirect_error(use_task, arrival.failure);
    if (encrypted_)
        arrival.size = co_await encrypted_->async_read_some(room, std::move(token));
    else
        arrival.size = co_await socket_.async_read_some(room, std::move(token));
}

bool Connection::has_bytes() const {
    error_code failure;
    return socket_.available(failure) > 0;
}

Task<std::vector<Reply>> Connection::exchange(std::string commands, std::size_t answers) {
    co_await send(std::move(commands));
    std::vector<Reply> replies;
    replies.reserve(answers);
    while (replies.size() < answers) {
        Reply reply = co_await receive(parts_.times.answer);
        replies.push_back(std::move(reply));
    }
    co_return replies;
}

Task<> Connection::wait_for_bytes() {
    error_code failure;
    co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, failure));
}

void Connection::close(const std::string& why) {
    if (ended_.empty()) ended_ = why;
    error_code ignored;
    socket_.close(ignored);
}

void Connection::lose(const std::string& why) {
    close(why);
    throw RedisLost(name_ + ": " + ended_);
}

}  // namespace banter::redis
