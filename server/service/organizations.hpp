// Organizations of an issuer elsewhere, each of which is a workspace here. Pure.
#pragma once

#include "model/id.hpp"
#include "model/user.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

/// The workspace of an organization: the first half of a hash, so that a token alone says which it
/// is.
[[nodiscard]] model::WorkspaceId workspace_of(
    std::string_view issuer,
    std::string_view organization
);

/// What a role there, such as "org:admin" or "admin", is here: nobody is an owner, as who is a
/// member with which role is the issuer's to say.
[[nodiscard]] model::WorkspaceRole workspace_role(std::string_view role);

/// The first of these that can be a workspace's name, or "Workspace".
[[nodiscard]] std::string workspace_name(std::initializer_list<std::optional<std::string>> names);

}  // namespace banter::service
