// Organizations of issuers elsewhere: their workspaces, and who is a member of them.
#pragma once

#include "storage/hook_store.hpp"
#include "storage/sql/database.hpp"

#include <optional>
#include <string>

namespace banter::sql {

/// Takes what the token says of a member, and makes the workspace if it is the first who comes. The
/// role as it is now; nothing: the organization is gone, or the user left after the token was
/// issued. The primary keys.
[[nodiscard]] Task<std::optional<model::WorkspaceRole>> enter_organization(
    Connection& connection,
    Outbox& outbox,
    storage::NewIdentity wanted
);

/// OrganizationNews, MemberNews and MemberEnd of a hook.
[[nodiscard]] Task<> take_organization_news(Connection& connection, storage::Hook hook);
[[nodiscard]] Task<> take_member_news(Connection& connection, Outbox& outbox, storage::Hook hook);
[[nodiscard]] Task<> end_membership(Connection& connection, Outbox& outbox, storage::Hook hook);

/// OrganizationEnd: nobody is let in from the first transaction on, and those users whose
/// handles come after that one are shut out, some at a time. Returns the last one's; nothing: all
/// are out.
[[nodiscard]] Task<std::optional<std::string>> end_organization(
    Connection& connection,
    Outbox& outbox,
    storage::Hook hook,
    std::string after
);

}  // namespace banter::sql
