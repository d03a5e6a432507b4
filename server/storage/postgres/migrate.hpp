// Brings the schema of a PostgreSQL database up to date: migrations/*.sql, each once, in the order
// of their names.
//
// Nodes that start at once wait for each other. A migration may run while nodes of the version
// before serve: it adds, changes nothing that they use, and keeps them waiting for moments only.
// What takes long is done without a lock that sends would wait for, and a lock that somebody else
// has is asked for again and again.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/postgres/session.hpp"
#include "storage/storage.hpp"

#include <span>
#include <string>

namespace banter::postgres {

struct Migration {
    const char* name;
    const char* text;
};

/// Made from the folder when the program is built. The schema's version is how many were applied.
[[nodiscard]] std::span<const Migration> migrations();

/// Applies what is missing, each in a transaction of its own, or if it says so outside of one.
/// Throws std::runtime_error with a
/// sentence: the database has tables of somebody else, a newer program wrote it, the user may not
/// make tables.
void migrate(Session& session);

/// Throws std::runtime_error with a sentence unless it is a database of ours that no newer program
/// wrote.
void require_known(Session& session);

/// What the installation is; made, with a random epoch and the default workspace, where there is
/// none yet.
[[nodiscard]] storage::Installation open_installation(
    Session& session,
    const Clock& clock,
    Random& random
);

/// The issuer's key (PEM) that all nodes of the installation share: `own` if the database has none
/// yet. Empty: it has none, nor is there an own one. Blocks.
[[nodiscard]] std::string share_issuer_key(const std::string& url, const std::string& own);

/// Gives the database at `url` a new epoch and returns it: clients fetch everything anew. Nobody
/// may serve from it. Blocks. Throws std::runtime_error with a sentence.
[[nodiscard]] std::string renew_epoch(const std::string& url, Random& random);

}  // namespace banter::postgres
