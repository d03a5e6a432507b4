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

void append_change(std::string& out, const model::Event& event, const model::Message& message) {
    out += R"(,"rev":)";
    append_number(out, event.rev);
    out += R"(,"message":)";
    append_message(out, message, Audience::everyone);
}

std::string encode_body(const model::Event& event, const model::MessageNew& body) {
    std::string out =
        begin("message:new", event, envelope_bytes + model::wire_size_bound(body.message));
    append_change(out, event, body.message);
    out += '}';
    return out;
}

std::string encode_body(const model::Event& event, const model::MessageUpdate& body) {
    const std::size_t size = envelope_bytes + model::wire_size_bound(body.message);
    std::string out = begin("message:update", event, size);
    append_change(out, event, body.message);
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
    out += R"(,"userId":)";
    append_id(out, body.user);
    out += R"(,"typing":)";
    out += body.typing ? "true" : "false";
    out += R"(,"expiresInMs":)";
    append_number(out, static_cast<std::uint64_t>(body.expires_in.count()));
    out += '}';
    return out;
}

std::string encode_body(const model::Event& event, const model::ReadUpdate& body) {
    std::string out = begin("read:update", event, 2 * envelope_bytes);
    out += R"(,"userId":)";
    append_id(out, body.user);
    out += R"(,"seq":)";
    append_number(out, body.seq);
    out += R"(,"unread":)";
    append_number(out, body.unread);
    out += R"(,"mentions":)";
    append_number(out, body.mentions);
    out += '}';
    return out;
}

}  // namespace

std::string encode(const model::Event& event) {
    return std::visit([&](const auto& body) { return encode_body(event, body); }, event.body);
}

}  // namespace banter::api::wire
