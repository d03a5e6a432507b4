// Whether a server keeps what Banter promises: asked at the start, before anything is written.
#pragma once

#include "storage/postgres/session.hpp"

#include <string>

namespace banter::postgres {

/// Throws std::runtime_error with a sentence, if a server of this version is too old.
/// number: as libpq has it, 150000 for 15.0. name: as the server writes it.
void require_version(int number, const std::string& name);

/// Throws std::runtime_error with a sentence that says what to change: too old, not UTF-8, a
/// standby, sessions that don't begin as read committed, or one that would lose what it has
/// acknowledged (synchronous_commit, fsync or full_page_writes off).
/// takes_unsafe: the last is let pass (PostgresOptions).
void require_suitable(Session& session, bool takes_unsafe);

}  // namespace banter::postgres
