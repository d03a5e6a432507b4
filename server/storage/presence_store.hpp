// Who is there. Kept in memory only: the database never sees it, and a lost one heals as people
// come and go.
#pragma once

#include "base/task.hpp"
#include "model/presence.hpp"

#include <vector>

namespace banter::storage {

/// Changes are told on the event bus, as PresenceUpdate, to whom they may concern.
class PresenceStore {
public:
    virtual ~PresenceStore() = default;

    /// A connection of the user has come, or has gone: as many leave as have arrived. From any
    /// loop; never blocks, never fails, is not awaited. With the last one the user is offline
    /// after limits::presence_grace, unless another comes meanwhile.
    virtual void arrive(model::UserId user) = 0;
    virtual void leave(model::UserId user) = 0;
    /// The user did something. Moves `last_active_at`, which nobody is told for itself.
    virtual void touch(model::UserId user) = 0;

    /// What the user wants to be shown as, until the user is offline. For one who is offline it
    /// changes nothing. After what the caller's loop has told before.
    [[nodiscard]] virtual Task<> choose(model::UserId user, model::Presence presence) = 0;

    /// One for each of `users`, in no order. After what the caller's loop has told before.
    [[nodiscard]] virtual Task<std::vector<model::UserPresence>> find(
        std::vector<model::UserId> users
    ) = 0;
};

}  // namespace banter::storage
