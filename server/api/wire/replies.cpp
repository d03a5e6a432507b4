#include "api/wire/replies.hpp"

#include "model/limits.hpp"

namespace banter::api::wire {

namespace {

constexpr std::uint64_t heartbeat_ms = std::chrono::milliseconds(model::limits::heartbeat).count();

std::string begin(std::string_view type, const Re& re) {
    std::string out = R"({"type":")";
    out += type;
    out += '"';
    if (re) {
        out += R"(,"re":)";
        append_quoted(out, *re);
    }
    return out;
}

void append_expiry(std::string& out, Timestamp token_expires_at) {
    out += R"(,"tokenExpiresAt":)";
    if (token_expires_at == service::never) {
        out += "null";
    } else {
        append_time(out, token_expires_at);
    }
}

void append_flag(std::string& out, std::string_view name, bool value) {
    out += ",\"";
    out += name;
    out += value ? R"(":true)" : R"(":false)";
}

}  // namespace

std::string connected(const Re& re, const ConnectedFacts& facts) {
    std::string out = begin("connected", re);
    out += R"(,"protocol":1,"features":[],"epoch":)";
    append_quoted(out, facts.epoch);
    out += R"(,"user":)";
    append_user(out, facts.signed_in.user);
    out += R"(,"workspace":)";
    append_workspace(out, facts.signed_in.workspace(), facts.signed_in.caller.role);
    out += R"(,"sessionId":)";
    append_quoted(out, facts.session_id);
    out += R"(,"serverTime":)";
    append_time(out, facts.server_time);
    out += R"(,"heartbeatMs":)";
    append_number(out, heartbeat_ms);
    append_expiry(out, facts.signed_in.caller.token_expires_at);
    out += '}';
    return out;
}

std::string auth_refreshed(const Re& re, Timestamp token_expires_at) {
    std::string out = begin("auth:refreshed", re);
    append_expiry(out, token_expires_at);
    out += '}';
    return out;
}

std::string thread_joined(
    const Re& re,
    const service::Joined& joined,
    const service::FileLinks& links
) {
    std::string out = begin("thread:joined", re);
    out += R"(,"threadId":)";
    append_id(out, joined.view.thread.id);
    out += R"(,"thread":)";
    append_thread(out, joined.view, Audience::asker);
    out += R"(,"messages":)";
    append_messages(out, joined.messages, Audience::asker, links);
    out += R"(,"users":)";
    append_users(out, joined.users);
    out += R"(,"rev":)";
    append_number(out, joined.rev);
    append_flag(out, "complete", joined.complete);
    append_flag(out, "reset", joined.reset);
    out += '}';
    return out;
}

std::string thread_left(const Re& re, model::ThreadId thread) {
    std::string out = begin("thread:left", re);
    out += R"(,"threadId":)";
    append_id(out, thread);
    out += '}';
    return out;
}

std::string message_answer(
    std::string_view type,
    const Re& re,
    const model::Message& message,
    const service::FileLinks& links
) {
    std::string out = begin(type, re);
    out.reserve(out.size() + model::wire_size_bound(message) + 16);
    out += R"(,"message":)";
    append_message(out, message, Audience::asker, links);
    out += '}';
    return out;
}

std::string read_marked(const Re& re, const service::ReadState& state) {
    std::string out = begin("read:marked", re);
    out += ',';
    append_read_state(out, state);
    out += '}';
    return out;
}

void append_read_state(std::string& out, const service::ReadState& state) {
    out += R"("threadId":)";
    append_id(out, state.thread);
    out += R"(,"seq":)";
    append_number(out, state.seq);
    out += R"(,"unread":)";
    append_number(out, state.unread);
    out += R"(,"mentions":)";
    append_number(out, state.mentions);
}

std::string presence_changed(const Re& re, model::Presence presence) {
    std::string out = begin("presence:changed", re);
    out += R"(,"presence":)";
    append_quoted(out, wire_name(presence));
    out += '}';
    return out;
}

std::string presence_watching(const Re& re, const std::vector<model::UserPresence>& presences) {
    constexpr std::size_t one = 128;
    std::string out = begin("presence:watching", re);
    out.reserve(out.size() + presences.size() * one);
    out += R"(,"presences":[)";
    const char* separator = "";
    for (const model::UserPresence& presence : presences) {
        out += separator;
        out += '{';
        append_presence(out, presence);
        out += '}';
        separator = ",";
    }
    out += "]}";
    return out;
}

std::string pong(const Re& re, Timestamp server_time) {
    std::string out = begin("pong", re);
    out += R"(,"serverTime":)";
    append_time(out, server_time);
    out += '}';
    return out;
}

std::string error(const Re& re, const Error& error) {
    std::string out = begin("error", re);
    out += R"(,"code":")";
    out += wire_name(error.code);
    out += R"(","detail":)";
    append_quoted(out, error.detail);
    out += R"(,"retryAfterMs":)";
    if (error.retry_after.count() > 0) {
        append_number(out, static_cast<std::uint64_t>(error.retry_after.count()));
    } else {
        out += "null";
    }
    out += '}';
    return out;
}

}  // namespace banter::api::wire
