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

std::vector<asio::ip::tcp::endpoint> resolve(const Place& place) {
    asio::io_context loop;
    asio::ip::tcp::resolver resolver(loop);
    std::vector<asio::ip::tcp::endpoint> endpoints;
    for (const auto& found : resolver.resolve(place.host, std::to_string(place.port))) {
        endpoints.push_back(found.endpoint());
    }
    return endpoints;
}

}  // namespace

Connection::Connection(Executor loop, const Parts& parts)
    : loop_(loop), parts_(parts), socket_(loop) {}

Task<> Connection::open(Place place) {
    name_ = fmt::format("Redis at {}:{}", place.host, place.port);
    Timer deadline(loop_, parts_.times.connect);
    co_await connect(place, deadline);
    if (parts_.options.tls) co_await encrypt(place, deadline);
    co_await greet();
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
        asio::async_connect(socket_, std::move(endpoints), asio::redirect_error(use_task, failure));
    error_code late;
    auto waiting = deadline.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(connecting) || std::move(waiting)));
    if (!late) lose("it can't be reached in time");
    if (failure) lose("it can't be reached (" + failure.message() + ")");
    socket_.set_option(asio::ip::tcp::no_delay(true), failure);
}

Task<> Connection::encrypt(const Place& place, Timer& deadline) {
    tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    tls_->set_default_verify_paths();
    encrypted_ = std::make_unique<Encrypted>(socket_, *tls_);
    encrypted_->set_verify_mode(asio::ssl::verify_peer);
    encrypted_->set_verify_callback(asio::ssl::host_name_verification(place.host));
    SSL_set_tlsext_host_name(encrypted_->native_handle(), place.host.c_str());
    error_code failure;
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
    std::size_t answers = 0;
    if (!options.password.empty()) {
        if (options.user.empty())
            append_command(commands, {"AUTH", options.password});
        else
            append_command(commands, {"AUTH", options.user, options.password});
        ++answers;
    }
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
    if (!late) lose("it takes nothing");
    if (failure) lose("it takes nothing (" + failure.message() + ")");
}

Task<Reply> Connection::receive(std::chrono::milliseconds within) {
    Timer deadline(loop_, within);
    for (;;) {
        if (auto reply = reader_.next()) co_return *std::move(reply);
        if (const std::string fault = reader_.fault(); !fault.empty()) {
            lose("it speaks no Redis (" + fault + ")");
        }
        const auto room = asio::buffer(room_);
        std::size_t size = 0;
        error_code failure;
        error_code late;
        const auto token = [&failure] { return asio::redirect_error(use_task, failure); };
        auto reading = encrypted_ ? encrypted_->async_read_some(room, token())
                                  : socket_.async_read_some(room, token());
        auto waiting = deadline.async_wait(asio::redirect_error(use_task, late));
        const auto first = co_await (std::move(reading) || std::move(waiting));
        if (first.index() == 0) size = std::get<0>(first);
        if (!late) lose("it does not answer");
        if (failure) lose("it went away (" + failure.message() + ")");
        reader_.feed({room_.data(), size});
    }
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

void Connection::close() {
    error_code ignored;
    socket_.close(ignored);
}

void Connection::lose(const std::string& why) {
    close();
    throw RedisLost(name_ + ": " + why);
}

}  // namespace banter::redis
