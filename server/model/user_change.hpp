// What is changed about a user: by the user, or by owners and admins.
#pragma once

#include "model/user.hpp"

#include <optional>
#include <string>

namespace banter::model {

/// What isn't there stays as it is; nothing inside clears.
struct ProfileChange {
    std::optional<std::string> handle;
    std::optional<std::string> display_name;
    std::optional<std::optional<std::string>> avatar_url;
    std::optional<std::optional<UserStatus>> status;
};

/// What isn't there stays as it is.
struct UserChange {
    std::optional<WorkspaceRole> role;
    std::optional<bool> deactivated;
};

/// A user as the transaction finds them that is to change them.
struct UserState {
    User user;
    /// No other user is an owner of the workspace.
    bool is_last_owner = false;
};

}  // namespace banter::model
