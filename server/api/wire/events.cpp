#include "api/wire/events.hpp"

#include "api/wire/entities.hpp"

namespace banter::api::wire {

namespace {

constexpr std::size_t envelope_bytes = 160;

std::string begin(std::string_view type, const model::Event& event, std::size_t size) {
    std::string out;
    out.reserve(size);
    out += R"({"type":")";
    out += type;
    out += R"(","threadId":)";
    append_id(out, event.thread);
    return out;
}

void append_user_id(std::string& out, model::UserId user) {
    out += R"(,"userId":)";
    append_id(out, user);
}

void append_change(
    std::string& out,
    const model::Event& event,
    const model::Message& message,
    const service::FileLinks& links
) {
    out += R"(,"rev":)";
    append_number(out, event.rev);
    out += R"(,"message":)";
    append_message(out, message, Audience::everyone, links);
}

std::string encode_body(
    const model::Event& event,
    const model::MessageNew& body,
    const service::FileLinks& links
) {
    std::string out =
        begin("message:new", event, envelope_bytes + model::wire_size_bound(body.message));
    append_change(out, event, body.message, links);
    out += '}';
    return out;
}

std::string encode_body(
    const model::Event& event,
    const model::MessageUpdate& body,
    const service::FileLinks& links
) {
    const std::size_t size = envelope_bytes + model::wire_size_bound(body.message);
    std::string out = begin("message:update", event, size);
    append_change(out, event, body.message, links);
    if (body.reaction) {
        out += R"(,"reaction":{"emoji":)";
        append_quoted(out, body.reaction->emoji);
        out += R"(,"userId":)";
        append_id(out, body.reaction->user);
        out += R"(,"added":)";
        out += body.reaction->added ? "true}" : "false}";
    }
    out += '}';
    return out;
}

std::string encode_body(const model::Event& event, const model::TypingUpdate& body) {
    std::string out = begin("typing:update", event, 2 * envelope_bytes);
    append_user_id(out, body.user);
    out += R"(,"typing":)";
    out += body.typing ? "true" : "false";
    out += R"(,"expiresInMs":)";
    append_number(out, static_cast<std::uint64_t>(body.expires_in.count()));
    out += '}';
    return out;
}

std::string begin_read(const model::Event& event, const model::ReadUpdate& body) {
    std::string out = begin("read:update", event, 2 * envelope_bytes);
    append_user_id(out, body.user);
    out += R"(,"seq":)";
    append_number(out, body.seq);
    return out;
}

std::string encode_body(const model::Event& event, const model::ReadUpdate& body) {
    return begin_read(event, body) + '}';
}

std::string encode_body(const model::Event& event, const model::ThreadUpdate& body) {
    std::string out = begin("thread:update", event, 8 * envelope_bytes);
    out += R"(,"rev":)";
    append_number(out, event.rev);
    out += R"(,"thread":)";
    append_thread(out, model::ThreadView{body.thread, std::nullopt}, Audience::everyone);
    out += '}';
    return out;
}

std::string begin_member(const model::Event& event, const model::MemberUpdate& body) {
    std::string out = begin("member:update", event, 2 * envelope_bytes);
    append_user_id(out, body.user);
    out += R"(,"role":)";
    if (body.role) {
        append_quoted(out, wire_name(*body.role));
    } else {
        out += "null";
    }
    return out;
}

std::string encode_body(const model::Event& event, const model::MemberUpdate& body) {
    return begin_member(event, body) + '}';
}

std::string encode_body(const model::Event& event, const model::ThreadRemoved&) {
    return begin("thread:removed", event, envelope_bytes) + '}';
}

std::string encode_body(const model::Event& event, const model::ThreadActivity& body) {
    std::string out = begin("thread:activity", event, 2 * envelope_bytes);
    out += R"(,"seq":)";
    append_number(out, body.seq);
    out += R"(,"mentioned":)";
    append_mentioned(out, body.mentioned, body.mentioned_all);
    out += '}';
    return out;
}

std::string encode_body(const model::Event&, const model::UserUpdate& body) {
    std::string out = R"({"type":"user:update","user":)";
    append_account(out, body.user);
    out += '}';
    return out;
}

std::string encode_body(const model::Event&, const model::PresenceUpdate& body) {
    std::string out = R"({"type":"presence:update",)";
    append_presence(out, {body.user, body.presence, body.last_active_at});
    out += '}';
    return out;
}

/// Nobody is told by it.
std::string encode_body(const model::Event&, const model::Revocation&) { return {}; }

}  // namespace

std::string encode(const model::Event& event, const service::FileLinks& links) {
    const auto encode_it = [&](const auto& body) {
        if constexpr (requires { encode_body(event, body, links); }) {
            return encode_body(event, body, links);
        } else {
            return encode_body(event, body);
        }
    };
    return std::visit(encode_it, event.body);
}

std::string encode_own(const model::Event& event) {
    if (const auto* read = std::get_if<model::ReadUpdate>(&event.body)) {
        std::string out = begin_read(event, *read);
        out += R"(,"unread":)";
        append_number(out, read->unread);
        out += R"(,"mentions":)";
        append_number(out, read->mentions);
        return out + '}';
    }
    if (const auto* member = std::get_if<model::MemberUpdate>(&event.body);
        member && member->role) {
        std::string out = begin_member(event, *member);
        out += R"(,"level":)";
        append_quoted(out, wire_name(member->level));
        out += R"(,"mutedUntil":)";
        append_time(out, member->muted_until);
        return out + '}';
    }
    return {};
}

}  // namespace banter::api::wire
