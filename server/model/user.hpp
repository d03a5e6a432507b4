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

struct UserStatus {
    std::string emoji;
    std::string text;
    std::optional<Timestamp> expires_at;
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
    std::optional<Timestamp> deleted_at;
};

struct Workspace {
    WorkspaceId id;
    std::string name;
};

}  // namespace banter::model
