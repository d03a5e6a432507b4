// Held by the process that serves from a database: what one node tells its clients, another one's
// would not hear of.
#pragma once

#include "storage/postgres/link.hpp"
#include "storage/postgres/session.hpp"

namespace banter::postgres {

/// Takes the lock for `session`, as long as that lives. The lock of a process that has just ended
/// is waited for. Throws std::runtime_error with a sentence: another process serves.
void take_serving_lock(Session& session);

/// An advisory lock, held by a link of its own; gone with it, however the process ends. Lives on
/// one loop.
class ServingLock {
public:
    /// Takes the lock in `session`, and that for itself.
    ServingLock(Executor executor, const Link::Parts& parts, Session session);

    /// Takes it again if the link was lost. False: another process has it by now.
    [[nodiscard]] Task<bool> keep();

private:
    Link link_;
};

}  // namespace banter::postgres
