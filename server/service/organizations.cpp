#include "service/organizations.hpp"

#include "model/text.hpp"
#include "service/hashed_id.hpp"

namespace banter::service {

model::WorkspaceId workspace_of(std::string_view issuer, std::string_view organization) {
    Sha256 hash;
    // The first text keeps it from ever being what a session of the issuer is called.
    hash.text("workspace of an organization").text(issuer).text(organization);
    return hashed_id<model::WorkspaceId>(hash.finish());
}

model::WorkspaceRole workspace_role(std::string_view role) {
    constexpr std::string_view prefix = "org:";
    if (role.starts_with(prefix)) role.remove_prefix(prefix.size());
    if (role == "admin") return model::WorkspaceRole::admin;
    if (role == "guest") return model::WorkspaceRole::guest;
    return model::WorkspaceRole::member;
}

std::string workspace_name(std::initializer_list<std::optional<std::string>> names) {
    for (const auto& name : names) {
        if (name && model::is_storable_text(*name) && model::is_name(*name)) return *name;
    }
    return "Workspace";
}

}  // namespace banter::service
