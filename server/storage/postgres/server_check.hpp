// Whether a server keeps what Banter promises: asked at the start, before anything is written.
#pragma once

#include "storage/postgres/session.hpp"

namespace banter::postgres {

/// Throws std::runtime_error with a sentence that says what to change: too old, not UTF-8, a
/// standby, sessions that don't begin as read committed, or one that would lose what it has
/// acknowledged (synchronous_commit, fsync or full_page_writes off).
/// takes_unsafe: the last is let pass (PostgresOptions).
void require_suitable(Session& session, bool takes_unsafe);

}  // namespace banter::postgres
