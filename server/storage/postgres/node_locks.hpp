// What the nodes that serve from one database hold in it, and only as long as they live.
#pragma once

#include "storage/postgres/link.hpp"
#include "storage/postgres/session.hpp"

namespace banter::postgres {

/// Takes the database for `session` alone, as long as that lives. The lock of a process that has
/// just ended is waited for. Throws std::runtime_error with a sentence: a node serves from it.
void require_no_node(Session& session);

/// Takes the share of a node that serves, which holds as long as `session` or what that hands over:
/// the epoch that is read afterwards stays. Throws std::runtime_error with a sentence: the history
/// is being given a new epoch.
void take_share(Session& session);

/// Advisory locks, held by a link of their own; gone with it, however the process ends. Lives on
/// one loop.
class NodeLocks {
public:
    enum class State {
        /// Serves, and another node does the chores.
        serves,
        /// Serves, and does what one node does for all.
        does_chores,
        /// The history of the database is another one than when this node began.
        other_history
    };

    /// Takes over `session`, and with it the share that was taken there.
    NodeLocks(Executor executor, const Link::Parts& parts, Session session);

    /// Takes what was lost with the link again, and the chores if nobody does them.
    [[nodiscard]] Task<State> keep();

private:
    bool does_chores_ = false;
    Link link_;
};

}  // namespace banter::postgres
