// Invitations. The code itself is never stored, only its hash.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/invite.hpp"
#include "model/page.hpp"
#include "storage/thread_store.hpp"
#include "storage/user_store.hpp"

#include <optional>

namespace banter::storage {

struct NewInvite {
    model::Invite invite;
    model::WorkspaceId workspace;
    SecretHash code;
    std::optional<ActingUser> by;
};

/// Whose list of invitations it is.
struct InviteViewer {
    model::WorkspaceId workspace;
    model::UserId user;
    Timestamp now;
};

class InviteStore {
public:
    virtual ~InviteStore() = default;

    /// The rule is asked about each thread as the inviter sees it. Returns not_found (a thread),
    /// what the rule says, too_large: the workspace has limits::invites_max that count.
    [[nodiscard]] virtual Task<Result<model::Invite>> create(NewInvite invite, ThreadRule rule) = 0;

    /// Those that count, newest first; of their threads only those that the rule lets the viewer
    /// see.
    [[nodiscard]] virtual Task<model::Page<model::Invite>> list(
        InviteViewer viewer,
        ThreadRule rule,
        model::PageRequest page
    ) = 0;

    /// Revokes it. False: the workspace has no such invitation.
    [[nodiscard]] virtual Task<bool> end(model::WorkspaceId workspace, model::InviteId invite) = 0;
};

}  // namespace banter::storage
