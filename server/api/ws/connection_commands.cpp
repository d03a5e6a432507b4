// What each command does: call one service, encode its answer.
#include "api/ws/close_codes.hpp"
#include "api/ws/connection.hpp"
#include "model/limits.hpp"
#include "net/limits.hpp"

#include <utility>
#include <variant>

namespace banter::api::ws {

namespace limits = model::limits;

// A content at its limit fits into a frame even if every byte takes an escape of six.
static_assert(net::Limits{}.payload_bytes_max >= 6 * limits::content_bytes_max + 2'048);

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::Command command) {
    if (auto* send = std::get_if<model::SendMessage>(&command)) {
        co_return co_await carry_out(std::move(re), std::move(*send));
    }
    service::Requests& requests = gateway_.services.requests;
    if (requests.limited()) {
        auto refused = co_await requests.admit(caller_.user);
        if (refused) co_return refused;
    }
    if (auto* refresh = std::get_if<wire::AuthRefresh>(&command)) {
        co_return co_await carry_out(std::move(re), std::move(*refresh));
    }
    if (auto* join = std::get_if<wire::JoinThread>(&command)) {
        co_return co_await carry_out(std::move(re), std::move(*join));
    }
    if (auto* edit = std::get_if<model::EditMessage>(&command)) {
        co_return co_await carry_out(std::move(re), std::move(*edit));
    }
    if (auto* remove = std::get_if<wire::DeleteMessage>(&command)) {
        co_return co_await carry_out(std::move(re), *remove);
    }
    if (auto* react = std::get_if<wire::React>(&command)) {
        co_return co_await carry_out(std::move(re), std::move(*react));
    }
    if (auto* typing = std::get_if<wire::TypingNotice>(&command)) {
        co_return co_await carry_out(std::move(re), *typing);
    }
    if (auto* mark = std::get_if<wire::MarkRead>(&command)) {
        co_return co_await carry_out(std::move(re), *mark);
    }
    if (auto* set = std::get_if<wire::SetPresence>(&command)) {
        co_return co_await carry_out(std::move(re), *set);
    }
    if (auto* watch = std::get_if<wire::WatchPresence>(&command)) {
        co_return co_await carry_out(std::move(re), std::move(*watch));
    }
    co_return Error{Errc::bad_request, "this command can't be used here"};
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::AuthRefresh command) {
    auto refreshed = co_await gateway_.services.auth.refresh(caller_, std::move(command.token));
    if (!refreshed) {
        refuse(re, refreshed.error());
        shut(close_code::unauthenticated, refreshed.error().detail);
        co_return std::nullopt;
    }
    // What was opened before an ending that the new caller knows of still has to end.
    refreshed->newest_revocation = caller_.newest_revocation;
    caller_ = *refreshed;
    if (session_ != nullptr) expect_expiry();
    answer(wire::auth_refreshed(re, caller_.token_expires_at));
    co_return std::nullopt;
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::JoinThread command) {
    if (session_ == nullptr || !session_->is_open()) co_return std::nullopt;
    const bool is_new = !gateway_.hub.has_joined(*this, command.thread);
    if (is_new && joined_count() >= limits::joined_threads_max) {
        co_return Error{Errc::too_large, "a session can have 500 threads joined; leave one first"};
    }
    for (int attempt = 0; attempt < join_attempts_max; ++attempt) {
        auto joined = co_await join(command);
        if (!joined) co_return std::nullopt;
        if (!*joined) co_return joined->error();
        // A revocation that came meanwhile has ended the join: what was read may be from before it.
        if (!gateway_.hub.has_joined(*this, command.thread)) continue;
        gateway_.kept_pages.put(caller_.user, **joined, command.since);
        finish_join(re, **joined);
        co_return std::nullopt;
    }
    co_return Error{Errc::busy, "access changes too fast; join again", std::chrono::seconds(1)};
}

/// Reads the snapshot while the hub keeps what comes, so that nothing falls between the two.
/// Nothing if the session has ended meanwhile.
Task<std::optional<Result<service::Joined>>> Connection::join(wire::JoinThread command) {
    const auto told = gateway_.hub.told(*this, command.thread);
    gateway_.hub.hold(*this, command.thread);
    service::JoinRequest request{command.thread, command.since, command.epoch};
    std::exception_ptr failure;
    bool storage_failed = false;
    std::optional<Result<service::Joined>> joined;
    try {
        joined = co_await gateway_.services.messages.join(caller_, std::move(request));
    } catch (const StorageFailure&) {
        failure = std::current_exception();
        storage_failed = true;
    } catch (...) {
        failure = std::current_exception();
    }
    if (session_ == nullptr || !session_->is_open()) co_return std::nullopt;
    if (storage_failed && told && gateway_.hub.has_joined(*this, command.thread)) {
        auto kept = stay_joined(command, *told);
        if (!kept) std::rethrow_exception(failure);
        gateway_.hub.hold(*this, command.thread);
        co_return std::move(*kept);
    }
    if (failure || !*joined) gateway_.hub.leave(*this, command.thread);
    if (failure) std::rethrow_exception(failure);
    co_return std::move(joined);
}

/// The database can't say what there is. No revocation has ended what an earlier join of this
/// connection gave, so it goes on; and of what it was told already it may be told again.
std::optional<service::Joined> Connection::stay_joined(
    const wire::JoinThread& command,
    model::Rev told
) {
    Hub& hub = gateway_.hub;
    if (!hub.resume(*this, command.thread, told)) {
        shut(net::websocket::close_code::too_slow, "too much happened meanwhile; join again");
        return std::nullopt;
    }
    if (command.epoch && *command.epoch != gateway_.services.installation.epoch)
        return std::nullopt;
    const auto now_told = hub.told(*this, command.thread);
    CHECK(now_told.has_value());
    return gateway_.kept_pages.find(caller_.user, command.thread, *now_told, command.since);
}

void Connection::finish_join(const wire::Re& re, const service::Joined& joined) {
    const model::Thread& thread = joined.view.thread;
    answer(wire::thread_joined(re, joined, gateway_.services.file_links));
    if (!joined.complete) return gateway_.hub.leave(*this, thread.id);
    std::optional<model::ThreadId> parent;
    if (thread.parent) parent = thread.parent->thread;
    if (!gateway_.hub.release(*this, thread.id, joined.rev, parent))
        shut(net::websocket::close_code::too_slow, "too much happened during the join; join again");
}

void Connection::leave(const wire::Re& re, const wire::LeaveThread& command) {
    gateway_.hub.leave(*this, command.thread);
    answer(wire::thread_left(re, command.thread));
}

Connection::Refusal Connection::answer(
    std::string_view type,
    const wire::Re& re,
    const Result<model::Message>& changed
) {
    if (!changed) return changed.error();
    answer(wire::message_answer(type, re, *changed, gateway_.services.file_links));
    return std::nullopt;
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, model::SendMessage command) {
    const auto sent = co_await gateway_.services.messages.send(caller_, std::move(command));
    co_return answer("message:sent", re, sent);
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, model::EditMessage command) {
    const auto edited = co_await gateway_.services.messages.edit(caller_, std::move(command));
    co_return answer("message:edited", re, edited);
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::DeleteMessage command) {
    const auto removed = co_await gateway_.services.messages.remove(caller_, command.message);
    co_return answer("message:deleted", re, removed);
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::React command) {
    const bool add = command.add;
    const auto reacted = co_await gateway_.services.messages.react(
        caller_, command.message, std::move(command.emoji), add
    );
    co_return answer(add ? "reaction:added" : "reaction:removed", re, reacted);
}

Task<Connection::Refusal> Connection::carry_out(wire::Re, wire::TypingNotice command) {
    const auto told =
        co_await gateway_.services.typing.update(caller_, command.thread, command.typing);
    if (!told) co_return told.error();
    co_return std::nullopt;
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::MarkRead command) {
    const auto marked =
        co_await gateway_.services.read_marks.mark(caller_, command.thread, command.seq);
    if (!marked) co_return marked.error();
    answer(wire::read_marked(re, *marked));
    co_return std::nullopt;
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::SetPresence command) {
    const auto changed = co_await gateway_.services.presences.set(caller_, command.presence);
    if (!changed) co_return changed.error();
    answer(wire::presence_changed(re, *changed));
    co_return std::nullopt;
}

Task<Connection::Refusal> Connection::carry_out(wire::Re re, wire::WatchPresence command) {
    service::Presences& presences = gateway_.services.presences;
    const std::uint64_t before = gateway_.hub.ended_memberships();
    auto users = co_await presences.watchable(caller_, std::move(command.users));
    if (!users) co_return users.error();
    if (session_ == nullptr || !session_->is_open()) co_return std::nullopt;
    if (is_guest() && gateway_.hub.ended_memberships() != before) {
        co_return Error{
            Errc::busy, "somebody left a thread meanwhile; ask again", std::chrono::seconds(1)};
    }
    // What is told while the presences are read is kept, and follows them.
    gateway_.hub.watch(*this, *users);
    const auto found = co_await presences.find(*std::move(users));
    if (session_ == nullptr || !session_->is_open()) co_return std::nullopt;
    answer(wire::presence_watching(re, found));
    gateway_.hub.release_watch(*this);
    co_return std::nullopt;
}

}  // namespace banter::api::ws
