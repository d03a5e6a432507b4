// An invitation: whoever has its code may register, with the role and into the threads that it
// names.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"
#include "model/user.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace banter::model {

struct Invite {
    InviteId id;
    WorkspaceRole role = WorkspaceRole::member;
    /// Nothing: as often as somebody comes.
    std::optional<std::uint64_t> uses_max;
    std::uint64_t uses = 0;
    std::vector<ThreadId> threads;
    UserId created_by;
    Timestamp created_at;
    /// Nothing: it counts until it is revoked.
    std::optional<Timestamp> expires_at;
};

}  // namespace banter::model
