// Who of the users of one loop is there. Pure: no loop, no timer, nobody is told.
#pragma once

#include "base/clock.hpp"
#include "model/limits.hpp"
#include "model/presence.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <vector>

namespace banter::memory {

struct PresenceLimits {
    /// A user without a connection counts as there for so long: who reconnects was never away.
    std::chrono::milliseconds grace = model::limits::presence_grace;
    /// How exact `last_active_at` is.
    std::chrono::milliseconds active_every = std::chrono::minutes(1);
    /// Users who are gone and of whom it is known since when, those who went last.
    std::size_t gone_max = 64 * 1024;
};

/// Invariant: a user is in `here_` from the first connection until the grace after the last one has
/// passed, and afterwards in `gone_` or forgotten.
class PresenceBook {
public:
    PresenceBook(const Clock& clock, PresenceLimits limits) : clock_(clock), limits_(limits) {}

    /// A connection more, or less. True: the user has come, and is online.
    bool arrive(model::UserId user);
    void leave(model::UserId user);
    /// The user did something.
    void touch(model::UserId user);
    /// False: nothing has changed. Of a user who is gone nothing does.
    bool choose(model::UserId user, model::Presence presence);

    [[nodiscard]] model::UserPresence find(model::UserId user) const;
    /// Everybody who is there.
    [[nodiscard]] std::vector<model::UserPresence> all() const;
    /// One who was not there, but somewhere else, is gone.
    void note_gone(model::UserId user, Timestamp active_at);

    /// When the next grace may have passed.
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
    /// Users whose grace has passed: they are gone.
    [[nodiscard]] std::vector<model::UserId> due();

    /// Of memory, about.
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Here {
        std::uint32_t connections = 0;
        model::Presence chosen = model::Presence::online;
        Timestamp active_at;
        /// With no connection: until when the user counts as there.
        SteadyTime leaves_at;
    };
    struct Leaving {
        model::UserId user;
        SteadyTime at;
    };
    struct Gone {
        model::UserId user;
        Timestamp active_at;
    };
    using Order = std::list<Gone>;

    void remember(model::UserId user, Timestamp active_at);
    void forget(model::UserId user);

    const Clock& clock_;
    PresenceLimits limits_;
    boost::unordered_flat_map<model::UserId, Here> here_;
    /// In the order of time. An entry whose time isn't the user's any more is void.
    std::deque<Leaving> leaving_;
    /// Who went last in front.
    Order order_;
    boost::unordered_flat_map<model::UserId, Order::iterator> gone_;
};

}  // namespace banter::memory
