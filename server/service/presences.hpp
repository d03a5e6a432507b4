// Who is there: told to those who watch, never stored.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/presence.hpp"
#include "service/caller.hpp"
#include "storage/storage.hpp"

#include <vector>

namespace banter::service {

class Presences {
public:
    Presences(storage::Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

    /// A connection of the caller has come; `leave` follows once for each. Not awaited.
    void arrive(const Caller& caller) { storage_.presence.arrive(caller.user); }
    void leave(const Caller& caller) { storage_.presence.leave(caller.user); }
    /// The caller did something; once a minute is enough.
    void touch(const Caller& caller) { storage_.presence.touch(caller.user); }

    /// What the caller wants to be shown as, on all devices, until the last one is gone. Returns
    /// rate_limited.
    [[nodiscard]] Task<Result<model::Presence>> set(Caller caller, model::Presence presence);

    /// Whom of `users` the caller may watch, each once: who exists in the caller's workspace, and
    /// for a guest only whom Users lets a guest find. Returns rate_limited.
    [[nodiscard]] Task<Result<std::vector<model::UserId>>> watchable(
        Caller caller,
        std::vector<model::UserId> users
    );

    [[nodiscard]] Task<std::vector<model::UserPresence>> find(std::vector<model::UserId> users) {
        return storage_.presence.find(std::move(users));
    }

private:
    storage::Storage& storage_;
    const Clock& clock_;
};

}  // namespace banter::service
