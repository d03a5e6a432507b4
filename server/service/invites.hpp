// Invitations to the workspace: made, shown and revoked by owners and admins.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/invite.hpp"
#include "model/page.hpp"
#include "service/caller.hpp"
#include "storage/storage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banter::service {

struct CreateInvite {
    model::WorkspaceRole role = model::WorkspaceRole::member;
    std::optional<std::uint64_t> uses_max;
    std::optional<Timestamp> expires_at;
    /// Those that whoever comes becomes a member of.
    std::vector<model::ThreadId> threads;
};

struct MadeInvite {
    model::Invite about;
    /// Told this once.
    std::string code;
};

class Invites {
public:
    Invites(storage::Storage& storage, const Clock& clock, Random& random, model::IdMaker& ids)
        : storage_(storage), clock_(clock), random_(random), ids_(ids) {}

    /// Returns forbidden (the caller, the role, a thread), not_found (a thread), conflict (a thread
    /// is archived), bad_request (maxUses, expiresAt), too_large (too many threads or invitations).
    [[nodiscard]] Task<Result<MadeInvite>> create(Caller caller, CreateInvite request);
    /// Those of the workspace that count, newest first. Returns forbidden.
    [[nodiscard]] Task<Result<model::Page<model::Invite>>> list(
        Caller caller,
        model::PageRequest page
    );
    /// Returns forbidden, not_found.
    [[nodiscard]] Task<std::optional<Error>> end(Caller caller, model::InviteId invite);

private:
    storage::Storage& storage_;
    const Clock& clock_;
    Random& random_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
