// Bodies of HTTP requests: JSON text -> values that can't be wrong in form. Pure.
// Every function returns bad_request, unknown_field or too_large.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/message.hpp"
#include "model/scope.hpp"
#include "model/thread.hpp"
#include "model/user.hpp"
#include "model/user_change.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::wire {

struct RegisterBody {
    std::string handle;
    std::string display_name;
    std::string password;
    std::optional<std::string> invite;
};

struct SetUpBody {
    std::string code;
    RegisterBody owner;
    std::string name;
    model::SignUp sign_up = model::SignUp::invite;
};

struct CreateInviteBody {
    model::WorkspaceRole role = model::WorkspaceRole::member;
    std::optional<std::uint64_t> uses_max;
    std::optional<Timestamp> expires_at;
    std::vector<model::ThreadId> threads;
};

struct LoginBody {
    std::string handle;
    std::string password;
};

struct PasswordChangeBody {
    std::string old_password;
    std::string new_password;
};

struct CreateTokenBody {
    std::string name;
    std::optional<Timestamp> expires_at;
    /// Of a bot's.
    std::optional<model::Scopes> scopes{};
};

struct CreateBotBody {
    std::string handle;
    std::string display_name;
    std::optional<std::string> avatar_url;
    model::WorkspaceRole role = model::WorkspaceRole::member;
};

struct DeleteAccountBody {
    bool erase = false;
    std::optional<std::string> password;
};

struct CreateThreadBody {
    model::ThreadKind kind = model::ThreadKind::channel;
    model::Visibility visibility = model::Visibility::public_;
    std::string name;
    std::vector<model::UserId> members;
    std::optional<model::ParentMessage> parent;
};

struct PreferencesBody {
    model::Level level = model::Level::all;
    std::optional<Timestamp> muted_until;
};

[[nodiscard]] Result<RegisterBody> read_register(std::string_view body);
[[nodiscard]] Result<SetUpBody> read_set_up(std::string_view body);
[[nodiscard]] Result<CreateInviteBody> read_create_invite(std::string_view body);
[[nodiscard]] Result<LoginBody> read_login(std::string_view body);
[[nodiscard]] Result<model::ProfileChange> read_profile_change(std::string_view body);
[[nodiscard]] Result<model::UserChange> read_user_change(std::string_view body);
[[nodiscard]] Result<DeleteAccountBody> read_delete_account(std::string_view body);
/// `{old, new}`
[[nodiscard]] Result<PasswordChangeBody> read_password_change(std::string_view body);
[[nodiscard]] Result<CreateTokenBody> read_create_token(std::string_view body);
[[nodiscard]] Result<CreateBotBody> read_create_bot(std::string_view body);
/// `{name, scopes, expiresAt?}`
[[nodiscard]] Result<CreateTokenBody> read_create_bot_token(std::string_view body);
[[nodiscard]] Result<CreateThreadBody> read_create_thread(std::string_view body);
/// At least one member.
[[nodiscard]] Result<model::ChangeThread> read_change_thread(
    std::string_view body,
    model::ThreadId thread
);
/// `{role?}`: without it, or without a body, a member.
[[nodiscard]] Result<model::ThreadRole> read_member_body(std::string_view body);
[[nodiscard]] Result<PreferencesBody> read_preferences(std::string_view body);
[[nodiscard]] Result<model::SendMessage> read_send_body(
    std::string_view body,
    model::ThreadId thread
);
[[nodiscard]] Result<model::EditMessage> read_edit_body(
    std::string_view body,
    model::MessageId message
);
/// `{seq}`
[[nodiscard]] Result<model::Seq> read_seq_body(std::string_view body);
/// For requests that say nothing: no body, or an empty object.
[[nodiscard]] Result<bool> read_no_body(std::string_view body);

}  // namespace banter::api::wire
