#include "api/wire/bodies.hpp"

#include "api/wire/fields.hpp"
#include "api/wire/json.hpp"
#include "api/wire/messages.hpp"
#include "api/wire/times.hpp"
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
std::string read_password(Fields& fields, std::string_view member = "password") {
    std::string password = fields.text(member);
    if (password.size() > password_bytes_max) {
        const auto most = std::to_string(password_bytes_max);
        fields.refuse(Errc::too_large, std::string(member) + " has at most " + most + " bytes");
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

RegisterBody read_account(Fields& fields) {
    RegisterBody account;
    account.handle = fields.text("handle");
    account.display_name = read_name(fields, "displayName");
    account.password = read_password(fields);
    return account;
}

CreateInviteBody read_invite(Fields& fields) {
    CreateInviteBody invite;
    const std::string role = fields.optional_text("role").value_or("member");
    invite.role = read_word(fields, "role", role, model::parse_workspace_role);
    invite.uses_max = fields.optional_integer("maxUses");
    invite.expires_at = fields.optional_time("expiresAt");
    const auto threads = fields.optional_uuids("threadIds", invite_threads_max);
    for (const model::Uuid& id : threads) invite.threads.push_back({id});
    return invite;
}

CreateTokenBody read_token(Fields& fields) {
    CreateTokenBody token;
    token.name = read_name(fields, "name");
    token.expires_at = fields.optional_time("expiresAt");
    return token;
}

model::Scopes read_scopes(Fields& fields) {
    model::Scopes scopes;
    for (const std::string& name : fields.texts("scopes", model::all_scopes.size())) {
        if (const auto scope = model::parse_scope(name)) {
            scopes.add(*scope);
        } else {
            fields.refuse_word("scopes");
        }
    }
    return scopes;
}

/// Absent members of a status are empty.
model::UserStatus read_status(Fields& fields, const boost::json::object& object) {
    Fields members(object);
    model::UserStatus status;
    status.emoji = members.optional_text("emoji").value_or("");
    status.text = members.optional_text("text").value_or("");
    status.expires_at = members.nullable_time("expiresAt");
    if (const auto trouble = members.trouble()) fields.refuse(trouble->code, trouble->detail);
    return status;
}

void refuse_nothing(Fields& fields, bool something) {
    if (!something) fields.refuse(Errc::bad_request, "the body has to change something");
}

model::ProfileChange read_profile(Fields& fields) {
    model::ProfileChange change;
    change.handle = fields.optional_text("handle");
    if (fields.has("displayName")) change.display_name = read_name(fields, "displayName");
    change.avatar_url = fields.nullable_text("avatarUrl");
    if (const auto status = fields.nullable_object("status")) {
        change.status.emplace();
        if (*status != nullptr) *change.status = read_status(fields, **status);
    }
    refuse_nothing(
        fields, change.handle || change.display_name || change.avatar_url || change.status
    );
    return change;
}

model::UserChange read_user(Fields& fields) {
    model::UserChange change;
    if (const auto role = fields.optional_text("role")) {
        change.role = read_word(fields, "role", *role, model::parse_workspace_role);
    }
    change.deactivated = fields.optional_flag("deactivated");
    refuse_nothing(fields, change.role || change.deactivated);
    return change;
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
        RegisterBody registration = read_account(fields);
        registration.invite = fields.optional_text("invite");
        return registration;
    });
}

Result<SetUpBody> read_set_up(std::string_view body) {
    return read_object<SetUpBody>(body, [](Fields& fields) {
        SetUpBody set_up;
        set_up.code = fields.text("code");
        set_up.owner = read_account(fields);
        set_up.name = read_name(fields, "name");
        set_up.sign_up = read_word(fields, "signUp", fields.text("signUp"), model::parse_sign_up);
        return set_up;
    });
}

Result<CreateInviteBody> read_create_invite(std::string_view body) {
    return read_object<CreateInviteBody>(body, read_invite);
}

Result<LoginBody> read_login(std::string_view body) {
    return read_object<LoginBody>(body, [](Fields& fields) {
        LoginBody login;
        login.handle = fields.text("handle");
        login.password = read_password(fields);
        return login;
    });
}

Result<model::ProfileChange> read_profile_change(std::string_view body) {
    return read_object<model::ProfileChange>(body, read_profile);
}

Result<model::UserChange> read_user_change(std::string_view body) {
    return read_object<model::UserChange>(body, read_user);
}

Result<DeleteAccountBody> read_delete_account(std::string_view body) {
    return read_object<DeleteAccountBody>(body, [](Fields& fields) {
        DeleteAccountBody request;
        request.erase = fields.optional_flag("erase").value_or(false);
        if (fields.has("password")) request.password = read_password(fields);
        return request;
    });
}

Result<PasswordChangeBody> read_password_change(std::string_view body) {
    return read_object<PasswordChangeBody>(body, [](Fields& fields) {
        PasswordChangeBody change;
        change.old_password = read_password(fields, "old");
        change.new_password = read_password(fields, "new");
        return change;
    });
}

Result<CreateTokenBody> read_create_token(std::string_view body) {
    return read_object<CreateTokenBody>(body, read_token);
}

Result<CreateBotBody> read_create_bot(std::string_view body) {
    return read_object<CreateBotBody>(body, [](Fields& fields) {
        CreateBotBody bot;
        bot.handle = fields.text("handle");
        bot.display_name = read_name(fields, "displayName");
        bot.avatar_url = fields.optional_text("avatarUrl");
        bot.role = read_optional_word(fields, "role", model::parse_workspace_role)
                       .value_or(model::WorkspaceRole::member);
        return bot;
    });
}

Result<CreateTokenBody> read_create_bot_token(std::string_view body) {
    return read_object<CreateTokenBody>(body, [](Fields& fields) {
        CreateTokenBody token = read_token(fields);
        token.scopes = read_scopes(fields);
        return token;
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
        preferences.muted_until = fields.nullable_time("mutedUntil");
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
