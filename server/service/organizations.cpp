#include "service/organizations.hpp"

#include "model/text.hpp"
#include "service/sha256.hpp"

#include <algorithm>

namespace banter::service {

model::WorkspaceId workspace_of(std::string_view issuer, std::string_view organization) {
    Sha256 hash;
    // The first text keeps it from ever being what a session of the issuer is called.
    hash.text("workspace of an organization").text(issuer).text(organization);
    const Digest digest = hash.finish();
    model::WorkspaceId id;
    std::copy_n(digest.begin(), id.uuid.bytes.size(), id.uuid.bytes.begin());
    return id;
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
