// The row that says what the installation is, as every driver reads and writes it.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/sql/value.hpp"
#include "storage/storage.hpp"

#include <string>

namespace banter::sql {

/// At most one row, for installation_from.
extern const char* const find_installation;
/// With the parameters of a FirstRows.
extern const char* const add_workspace;
extern const char* const add_installation;
/// $1 the epoch.
extern const char* const set_epoch;

/// What a database begins with: a random epoch and the default workspace.
struct FirstRows {
    FirstRows(const Clock& clock, Random& random);

    Parameters workspace;
    Parameters installation;
};

/// A new random epoch (storage/storage.hpp).
[[nodiscard]] std::string make_epoch(Random& random);

[[nodiscard]] storage::Installation installation_from(Row row);

}  // namespace banter::sql
