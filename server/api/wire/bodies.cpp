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
    if (!value) fields.refuse_word(member);
    return value.value_or(Value{});
}

/// The same for one that may be absent.
template <typename Value>
std::optional<Value> read_optional_word(
    Fields& fields,
    std::string_view member,
    std::optional<Value> (*parse)(std::string_view)
) {
    const auto word = fields.optional_text(member);
    if (!word) return std::nullopt;
    return read_word(fields, member, *word, parse);
}

std::optional<model::ParentMessage> read_parent(Fields& fields) {
    const auto* object = fields.optional_object("parent");
    if (object == nullptr) return std::nullopt;
    Fields inner(*object);
    const model::ParentMessage parent{
        inner.id<model::ThreadId>("threadId"), inner.id<model::MessageId>("messageId")};
    if (auto trouble = inner.trouble())
        fields.refuse(trouble->code, "parent: " + std::move(trouble->detail));
    return parent;
}

CreateThreadBody read_thread(Fields& fields) {
    CreateThreadBody body;
    body.kind = read_word(fields, "kind", fields.text("kind"), model::parse_thread_kind);
    const auto visibility = read_optional_word(fields, "visibility", model::parse_visibility);
    if (visibility && body.kind != model::ThreadKind::channel)
        fields.refuse(Errc::bad_request, "visibility is for channels");
    body.visibility = visibility.value_or(model::Visibility::public_);
    if (body.kind == model::ThreadKind::channel || fields.has("name"))
        body.name = read_name(fields, "name");
    for (const auto& uuid : fields.optional_uuids("memberIds", member_ids_max))
        body.members.push_back({uuid});
    body.parent = read_parent(fields);
    return body;
}

model::ChangeThread read_change(Fields& fields, model::ThreadId thread) {
    model::ChangeThread body;
    body.thread = thread;
    if (fields.has("name")) body.name = read_name(fields, "name");
    body.topic = fields.optional_text("topic");
    if (body.topic && model::code_points(*body.topic) > topic_code_points_max) {
        const auto most = std::to_string(topic_code_points_max);
        fields.refuse(Errc::too_large, "topic has at most " + most + " characters");
    }
    body.visibility = read_optional_word(fields, "visibility", model::parse_visibility);
    body.archived = fields.optional_flag("archived");
    const bool says_something = body.name || body.topic || body.visibility || body.archived;
    if (!says_something)
        fields.refuse(Errc::bad_request, "name, topic, visibility or archived has to be there");
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

Result<model::ChangeThread> read_change_thread(std::string_view body, model::ThreadId thread) {
    return read_object<model::ChangeThread>(body, [&](Fields& fields) {
        return read_change(fields, thread);
    });
}

Result<model::ThreadRole> read_member_body(std::string_view body) {
    if (body.empty()) return model::ThreadRole::member;
    return read_object<model::ThreadRole>(body, [](Fields& fields) {
        return read_optional_word(fields, "role", model::parse_thread_role)
            .value_or(model::ThreadRole::member);
    });
}

Result<PreferencesBody> read_preferences(std::string_view body) {
    return read_object<PreferencesBody>(body, [](Fields& fields) {
        PreferencesBody preferences;
        preferences.level = read_word(fields, "level", fields.text("level"), model::parse_level);
        preferences.muted_until = fields.optional_time("mutedUntil");
        return preferences;
    });
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
