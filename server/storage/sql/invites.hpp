// Invitations in SQL, and what registering with one takes from here.
#pragma once

#include "storage/invite_store.hpp"
#include "storage/sql/database.hpp"

#include <optional>

namespace banter::sql {

/// What an invitation gives to whoever registers with it.
struct OpenInvite {
    model::InviteId id;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    model::UserId created_by;
};

/// The invitation of this code, if it counts. invites_by_code.
[[nodiscard]] Task<std::optional<OpenInvite>> find_open_invite(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::SecretHash code,
    Timestamp now
);

/// Counts a use, and makes the user a member of its threads, but for those that were archived
/// meanwhile, or that its inviter can't see any more.
[[nodiscard]] Task<> use_invite(
    Connection& connection,
    Outbox& outbox,
    OpenInvite invite,
    model::UserId user,
    Timestamp now
);

class SqlInviteStore final : public storage::InviteStore {
public:
    explicit SqlInviteStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<Result<model::Invite>> create(
        storage::NewInvite invite,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<model::Page<model::Invite>> list(
        storage::InviteViewer viewer,
        storage::ThreadRule rule,
        model::PageRequest page
    ) override;
    [[nodiscard]] Task<bool> end(model::WorkspaceId workspace, model::InviteId invite) override;

private:
    Database& database_;
};

}  // namespace banter::sql
