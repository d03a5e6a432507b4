#include "api/ws/connection.hpp"

#include "api/errors.hpp"
#include "api/ws/close_codes.hpp"
#include "api/ws/command_scopes.hpp"
#include "base/check.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace banter::api::ws {

namespace limits = model::limits;

namespace {

std::string_view sentence_of(model::RevocationReason reason) {
    switch (reason) {
        case model::RevocationReason::stolen: return "the sign-in may have been stolen";
        case model::RevocationReason::password_changed: return "the password has changed";
        case model::RevocationReason::token_revoked: return "the access token is revoked";
        case model::RevocationReason::role_changed: return "your role has changed: connect again";
        case model::RevocationReason::deactivated: return "the account is deactivated";
        case model::RevocationReason::deleted: return "the account is deleted";
        case model::RevocationReason::thread_closed:
            return "what you may see has changed: connect again";
        case model::RevocationReason::signed_out: break;
    }
    return "signed out";
}

/// Nobody with a token that doesn't read: whoever is connected is told of what happens.
Result<service::SignedIn> who_hears(Result<service::SignedIn> outcome) {
    if (!outcome) return outcome;
    if (auto refused = service::out_of_scope(outcome->caller, model::Scope::read)) {
        return *std::move(refused);
    }
    return outcome;
}

}  // namespace

Connection::~Connection() {
    CHECK(session_ == nullptr && running_ == 0);
    --gateway_.connections;
}

void Connection::on_open(net::websocket::Session& session, Opening opening) {
    session_ = &session;
    address_ = std::make_unique<const std::string>(std::move(opening.peer));
    if (!opening.protocol_spoken) {
        return shut(close_code::protocol_version, "this server speaks protocol 1");
    }
    if (!opening.signed_in) {
        gateway_.shard.set_deadline(*this, limits::connect_deadline);
        return;
    }
    Result<service::SignedIn>& outcome = *opening.signed_in;
    outcome = who_hears(std::move(outcome));
    if (!outcome) return shut_out(outcome.error());
    accept(*outcome);
    ++running_;  // what comes meanwhile waits
    gateway_.tasks.spawn("a sign-in", welcome_first(std::move(*outcome)));
}

void Connection::on_closed() {
    net::TimingWheel::cancel(*this);
    gateway_.hub.exit(*this);  // no error if it was ended before
    if (signed_in_) gateway_.services.presences.leave(caller_);
    waiting_.reset();
    session_ = nullptr;
}

/// The time to send `connect` is up, or the token has expired and its grace is over.
void Connection::on_due() {
    if (signed_in_ && gateway_.clock.now() < caller_.token_expires_at + limits::token_grace) {
        return expect_expiry();
    }
    shut(close_code::unauthenticated, signed_in_ ? "the token has expired" : "no connect in time");
}

bool Connection::is_guest() const { return caller_.role == model::WorkspaceRole::guest; }

void Connection::end(model::RevocationReason reason) {
    const bool stays = reason == model::RevocationReason::thread_closed;
    shut(stays ? close_code::access_lost : close_code::unauthenticated, sentence_of(reason));
}

void Connection::accept(const service::SignedIn& signed_in) {
    if (const auto ended = gateway_.revocations.end_of(signed_in.caller)) return end(*ended);
    caller_ = signed_in.caller;
    signed_in_ = true;
    address_.reset();
    gateway_.hub.enter(*this, *session_, caller_.user);
    gateway_.services.presences.arrive(caller_);
    expect_expiry();
}

Task<> Connection::welcome(wire::Re re, service::SignedIn signed_in) {
    const service::Services& services = gateway_.services;
    const auto threads = co_await services.threads.watched(signed_in.caller);
    if (session_ == nullptr || !session_->is_open()) co_return;
    gateway_.hub.set_memberships(*this, threads);
    const wire::ConnectedFacts facts{
        .signed_in = signed_in,
        .epoch = services.installation.epoch,
        .session_id = gateway_.ids.make<model::SignInId>().text(),
        .server_time = gateway_.clock.now(),
    };
    answer(wire::connected(re, facts));
}

Task<> Connection::welcome_first(service::SignedIn signed_in) {
    std::exception_ptr failure;
    try {
        co_await welcome(std::nullopt, std::move(signed_in));
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        refuse(std::nullopt, error_of(failure, "a sign-in on the socket"));
        shut(net::websocket::close_code::internal, "connect again");
    }
    ended(false);
}

void Connection::expect_expiry() {
    const auto left = caller_.token_expires_at - gateway_.clock.now() + limits::token_grace;
    // The wheel counts 32-bit ticks; a token of a year is looked at again after ten days.
    constexpr std::chrono::milliseconds at_most = std::chrono::days(10);
    gateway_.shard.set_deadline(*this, std::clamp<std::chrono::milliseconds>(left, {}, at_most));
}

Task<> Connection::sign_in(wire::Re re, std::string token) {
    service::Services& services = gateway_.services;
    auto outcome = co_await services.auth.sign_in(std::move(token));
    if (!outcome) {
        std::string address = *address_;
        outcome = co_await services.failed_tokens.count(outcome.error(), std::move(address));
    }
    outcome = who_hears(std::move(outcome));
    if (session_ == nullptr || !session_->is_open()) co_return;
    if (!outcome) {
        refuse(re, outcome.error());
        co_return shut_out(outcome.error());
    }
    accept(*outcome);
    co_await welcome(std::move(re), std::move(*outcome));
}

void Connection::on_text(std::string_view payload) {
    wire::Request request = wire::parse_request(payload);
    if (request.malformed) {
        refuse(request.id, request.command.error());
        if (++malformed_ >= malformed_max)
            shut(close_code::bad_request, "ten malformed frames in a row");
        return;
    }
    malformed_ = 0;
    if (request.command && std::holds_alternative<wire::Ping>(*request.command)) {
        return answer(wire::pong(request.id, gateway_.clock.now()));
    }
    take(std::move(request));
}

void Connection::take(wire::Request request) {
    if (running_ == 0 && !waiting_) return start(std::move(request));
    if (!waiting_) waiting_ = std::make_unique<std::deque<wire::Request>>();
    waiting_->push_back(std::move(request));
    start_next();
    if (waiting_ && waiting_->size() >= waiting_max && !paused_) {
        paused_ = true;
        session_->pause_reading();
    }
}

void Connection::start_next() {
    while (session_ != nullptr && waiting_ && may_start(waiting_->front())) {
        wire::Request request = std::move(waiting_->front());
        waiting_->pop_front();
        if (paused_ && waiting_->size() <= waiting_max / 2) {
            paused_ = false;
            session_->resume_reading();
        }
        if (waiting_->empty()) waiting_.reset();
        start(std::move(request));
    }
}

bool Connection::may_start(const wire::Request& request) const {
    if (running_ == 0) return true;
    const bool is_send =
        request.command && std::holds_alternative<model::SendMessage>(*request.command);
    return is_send && running_ == running_sends_;
}

void Connection::start(wire::Request request) {
    if (!request.command) return refuse(request.id, request.command.error());
    if (gateway_.draining) {
        return refuse(
            request.id, {Errc::busy, "the server is going down", std::chrono::seconds(1)}
        );
    }
    wire::Command& command = *request.command;
    if (std::holds_alternative<wire::Connect>(command)) {
        if (signed_in_) {
            return refuse(request.id, {Errc::bad_request, "already connected; use auth:refresh"});
        }
    } else if (!signed_in_) {
        return refuse(request.id, {Errc::unauthenticated, "send connect first"});
    } else if (const auto refused = service::out_of_scope(caller_, scope_of(command))) {
        return refuse(request.id, *refused);
    } else if (auto* leave_thread = std::get_if<wire::LeaveThread>(&command)) {
        return leave(request.id, *leave_thread);
    }
    if (signed_in_) note_activity();
    const bool is_send = std::holds_alternative<model::SendMessage>(command);
    ++running_;
    if (is_send) ++running_sends_;
    gateway_.tasks.spawn("a command", run(std::move(request), is_send));
}

Task<> Connection::run(wire::Request request, bool is_send) {
    std::exception_ptr failure;
    try {
        if (auto* connect = std::get_if<wire::Connect>(&*request.command)) {
            co_await sign_in(request.id, std::move(connect->token));
        } else {
            const Refusal refusal = co_await carry_out(request.id, std::move(*request.command));
            if (refusal) refuse(request.id, *refusal);
        }
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        refuse(request.id, error_of(failure, "a command on the socket"));
        if (std::holds_alternative<wire::Connect>(*request.command))
            shut(net::websocket::close_code::internal, "connect again");
    }
    ended(is_send);
}

void Connection::ended(bool is_send) {
    --running_;
    if (is_send) --running_sends_;
    if (session_ != nullptr) return start_next();
    if (running_ == 0) gateway_.forget(*this);
}

void Connection::answer(std::string_view payload) {
    if (session_ != nullptr) session_->send_answer(payload);
}

void Connection::refuse(const wire::Re& re, const Error& error) {
    if (session_ == nullptr) return;
    session_->send_answer(wire::error(re, error));
    if (error.code != Errc::rate_limited) return;
    if (!patience_.refuse(gateway_.clock.steady())) {
        shut(close_code::too_many_requests, "too many requests");
    }
}

void Connection::note_activity() {
    const auto now = gateway_.clock.now().time_since_epoch();
    const auto minute =
        static_cast<std::uint32_t>(std::chrono::floor<std::chrono::minutes>(now).count());
    if (std::exchange(active_minute_, minute) == minute) return;
    gateway_.services.presences.touch(caller_);
}

void Connection::shut(std::uint16_t code, std::string_view reason) {
    waiting_.reset();  // a socket has one attempt to sign in, however many it was sent at once
    if (session_ != nullptr) session_->close(code, reason);
}

/// Whose token doesn't count.
void Connection::shut_out(const Error& refusal) {
    const bool too_often = refusal.code == Errc::rate_limited;
    shut(too_often ? close_code::too_many_requests : close_code::unauthenticated, refusal.detail);
}

ConnectionHolder::ConnectionHolder(Gateway& gateway, Opening opening)
    : connection_(std::make_unique<Connection>(gateway)),
      gateway_(gateway),
      opening_(std::make_unique<Opening>(std::move(opening))) {}

void ConnectionHolder::on_open(net::websocket::Session& session) {
    const std::unique_ptr<Opening> opening = std::move(opening_);
    connection_->on_open(session, std::move(*opening));
}

void ConnectionHolder::on_closed() {
    connection_->on_closed();
    if (!connection_->idle()) gateway_.retire(std::move(connection_));
}

}  // namespace banter::api::ws
