// One client on the socket: its commands in, answers and events out.
//
// Commands of a connection take effect in the order in which they came. Sends that follow one
// another run at once, so that they share a commit; anything else waits for what came before it.
#pragma once

#include "api/wire/commands.hpp"
#include "api/wire/replies.hpp"
#include "api/ws/gateway.hpp"
#include "api/ws/hub.hpp"
#include "api/ws/opening.hpp"
#include "api/ws/patience.hpp"
#include "net/timing_wheel.hpp"
#include "net/websocket/application.hpp"
#include "net/websocket/session.hpp"
#include "service/caller.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::api::ws {

/// Outlives its session while a command still runs; what is answered then goes nowhere.
class Connection final : public Subscriber, private net::TimingWheel::Entry {
public:
    explicit Connection(Gateway& gateway) : gateway_(gateway) { ++gateway_.connections; }
    ~Connection() override;

    void on_open(net::websocket::Session& session, Opening opening);
    void on_text(std::string_view payload);
    void on_closed();

    [[nodiscard]] bool idle() const { return running_ == 0; }

private:
    /// Commands that may wait; then the session is not read from until half of them are done.
    static constexpr std::size_t waiting_max = 64;
    static constexpr std::uint8_t malformed_max = 10;

    /// Joins that a revocation overtook are made again, so often.
    static constexpr int join_attempts_max = 8;

    void on_due() override;
    [[nodiscard]] bool is_ended_by(const model::Revocation& revocation) const override {
        return service::is_ended_by(caller_, revocation);
    }
    [[nodiscard]] bool is_guest() const override;
    void end(model::RevocationReason reason) override;

    // Signing in.
    void accept(const service::SignedIn& signed_in);
    /// Answers `connected` once the hub knows what the user is a member of.
    [[nodiscard]] Task<> welcome(wire::Re re, service::SignedIn signed_in);
    [[nodiscard]] Task<> welcome_first(service::SignedIn signed_in);
    [[nodiscard]] Task<> sign_in(wire::Re re, std::string token);
    void expect_expiry();

    // The order of commands.
    void take(wire::Request request);
    void start_next();
    [[nodiscard]] bool may_start(const wire::Request& request) const;
    void start(wire::Request request);
    [[nodiscard]] Task<> run(wire::Request request, bool is_send);
    void ended(bool is_send);

    // One for each command; each answers by itself or returns why not.
    using Refusal = std::optional<Error>;
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::Command command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::AuthRefresh command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::JoinThread command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, model::SendMessage command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, model::EditMessage command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::DeleteMessage command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::React command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::TypingNotice command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::MarkRead command);
    [[nodiscard]] Task<std::optional<Result<service::Joined>>> join(wire::JoinThread command);
    [[nodiscard]] std::optional<service::Joined> stay_joined(
        const wire::JoinThread& command,
        model::Rev told
    );
    void finish_join(const wire::Re& re, const service::Joined& joined);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::SetPresence command);
    [[nodiscard]] Task<Refusal> carry_out(wire::Re re, wire::WatchPresence command);
    void leave(const wire::Re& re, const wire::LeaveThread& command);

    void answer(std::string_view payload);
    Refusal answer(
        std::string_view type,
        const wire::Re& re,
        const Result<model::Message>& changed
    );
    void refuse(const wire::Re& re, const Error& error);
    void shut(std::uint16_t code, std::string_view reason);
    void shut_out(const Error& refusal);
    /// Once a minute: the user is active.
    void note_activity();

    Gateway& gateway_;
    net::websocket::Session* session_ = nullptr;
    std::unique_ptr<std::deque<wire::Request>> waiting_;
    /// The client's address, until it has signed in.
    std::unique_ptr<const std::string> address_;
    service::Caller caller_;
    Patience patience_;
    /// Of the last command, since 1970.
    std::uint32_t active_minute_ = 0;
    std::uint16_t running_ = 0;
    std::uint16_t running_sends_ = 0;
    std::uint8_t malformed_ = 0;
    bool signed_in_ : 1 = false;
    bool paused_ : 1 = false;
};

/// What the session owns: it hands the connection over to the gateway if commands still run at its
/// end.
class ConnectionHolder final : public net::websocket::Application {
public:
    ConnectionHolder(Gateway& gateway, Opening opening);

    void on_open(net::websocket::Session& session) override;
    void on_text(std::string_view payload) override { connection_->on_text(payload); }
    void on_closed() override;

private:
    std::unique_ptr<Connection> connection_;
    Gateway& gateway_;
    std::unique_ptr<Opening> opening_;
};

}  // namespace banter::api::ws
