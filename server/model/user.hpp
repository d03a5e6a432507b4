// A person, or a bot, of one workspace.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::model {

enum class WorkspaceRole : std::uint8_t { owner, admin, member, guest };

[[nodiscard]] std::string_view wire_name(WorkspaceRole role);
[[nodiscard]] std::optional<WorkspaceRole> parse_workspace_role(std::string_view name);

struct UserStatus {
    std::string emoji;
    std::string text;
    std::optional<Timestamp> expires_at;

    friend bool operator==(const UserStatus&, const UserStatus&) = default;
};

struct User {
    UserId id;
    WorkspaceId workspace;
    WorkspaceRole role = WorkspaceRole::member;
    std::string handle;
    std::string display_name;
    std::optional<std::string> avatar_url;
    bool bot = false;
    std::optional<UserStatus> status;
    /// Since then the user can't sign in.
    std::optional<Timestamp> deactivated_at;
    std::optional<Timestamp> deleted_at;
};

/// Neither deactivated nor deleted.
[[nodiscard]] inline bool may_sign_in(const User& user) {
    return !user.deactivated_at && !user.deleted_at;
}

/// Who may register.
enum class SignUp : std::uint8_t { open, invite, closed };

[[nodiscard]] std::string_view wire_name(SignUp who);
[[nodiscard]] std::optional<SignUp> parse_sign_up(std::string_view name);

struct Workspace {
    WorkspaceId id;
    std::string name;
    /// As the owner chose at set-up; nothing: nobody has chosen.
    std::optional<SignUp> sign_up;
};

}  // namespace banter::model
