#include "api/wire/bodies.hpp"

#include "api/wire/fields.hpp"
#include "api/wire/json.hpp"
#include "api/wire/messages.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"

namespace banter::api::wire {

namespace {

using namespace model::limits;

/// Reads the members of a body with `read(fields)`.
template <typename Body, typename Read>
Result<Body> read_object(std::string_view text, Read read) {
    const Json json(text);
    if (json.refused()) return *json.refused();
    if (json.object() == nullptr)
        return Error{Errc::bad_request, "the body has to be a JSON object", {}};
    Fields fields(*json.object());
    Body body = read(fields);
    if (auto trouble = fields.trouble()) return *std::move(trouble);
    return body;
}

std::string read_name(Fields& fields, std::string_view member) {
    std::string name = fields.text(member);
    if (model::code_points(name) > name_code_points_max) {
        const auto most = std::to_string(name_code_points_max);
        fields.refuse(
            Errc::too_large, std::string(member) + " has at most " + most + " characters"
        );
    } else if (!model::is_name(name)) {
        fields.refuse(
            Errc::bad_request, std::string(member) + " needs a letter and no control characters"
        );
    }
    return name;
}

/// A password that is too long would cost its hashing; one too short is for the rules to refuse.
std::string read_password(Fields& fields) {
    std::string password = fields.text("password");
    if (password.size() > password_bytes_max) {
        const auto most = std::to_string(password_bytes_max);
        fields.refuse(Errc::too_large, "password has at most " + most + " bytes");
    }
    return password;
}

template <typename Value>
Value read_word(
    Fields& fields,
    std::string_view member,
    std::string_view word,
    std::optional<Value> (*parse)(std::string_view)
) {
    const auto value = parse(word);
    if (!value) fields.refuse(Errc::bad_request, std::string(member) + " is none that is known");
    return value.value_or(Value{});
}

CreateThreadBody read_thread(Fields& fields) {
    CreateThreadBody body;
    body.kind = read_word(fields, "kind", fields.text("kind"), model::parse_thread_kind);
    const std::string visibility = fields.optional_text("visibility").value_or("public");
    body.visibility = read_word(fields, "visibility", visibility, model::parse_visibility);
    if (body.kind == model::ThreadKind::channel || fields.has("name"))
        body.name = read_name(fields, "name");
    if (!fields.optional_uuids("memberIds", page_max).empty()) {
        fields.refuse(Errc::bad_request, "memberIds has to be empty: members of a channel join it");
    }
    return body;
}

}  // namespace

Result<RegisterBody> read_register(std::string_view body) {
    return read_object<RegisterBody>(body, [](Fields& fields) {
        RegisterBody registration;
        registration.handle = fields.text("handle");
        registration.display_name = read_name(fields, "displayName");
        registration.password = read_password(fields);
        return registration;
    });
}

Result<LoginBody> read_login(std::string_view body) {
    return read_object<LoginBody>(body, [](Fields& fields) {
        LoginBody login;
        login.handle = fields.text("handle");
        login.password = read_password(fields);
        return login;
    });
}

Result<CreateThreadBody> read_create_thread(std::string_view body) {
    return read_object<CreateThreadBody>(body, read_thread);
}

Result<model::SendMessage> read_send_body(std::string_view body, model::ThreadId thread) {
    return read_object<model::SendMessage>(body, [&](Fields& fields) {
        return read_send(fields, thread);
    });
}

Result<model::EditMessage> read_edit_body(std::string_view body, model::MessageId message) {
    return read_object<model::EditMessage>(body, [&](Fields& fields) {
        return read_edit(fields, message);
    });
}

Result<model::Seq> read_seq_body(std::string_view body) {
    return read_object<model::Seq>(body, [](Fields& fields) { return fields.integer("seq"); });
}

Result<bool> read_no_body(std::string_view body) {
    if (body.empty()) return true;
    return read_object<bool>(body, [](Fields&) { return true; });
}

}  // namespace banter::api::wire
