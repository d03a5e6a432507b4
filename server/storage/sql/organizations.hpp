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

/// OrganizationNews, OrganizationEnd, MemberNews and MemberEnd of a hook.
[[nodiscard]] Task<> take_organization_news(Connection& connection, storage::Hook hook);
[[nodiscard]] Task<> end_organization(Connection& connection, Outbox& outbox, storage::Hook hook);
[[nodiscard]] Task<> take_member_news(Connection& connection, Outbox& outbox, storage::Hook hook);
[[nodiscard]] Task<> end_membership(Connection& connection, Outbox& outbox, storage::Hook hook);

}  // namespace banter::sql
