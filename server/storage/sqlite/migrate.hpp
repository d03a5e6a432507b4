// Brings the schema of a database file up to date: migrations/*.sql, each once, in the order of
// their names.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/sqlite/handle.hpp"
#include "storage/storage.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace banter::sqlite {

struct Migration {
    const char* name;
    const char* text;
};

/// Made from the folder when the program is built. The schema's version is how many were applied;
/// the file holds it as its user_version.
[[nodiscard]] std::span<const Migration> migrations();

/// How many migrations the file has seen.
[[nodiscard]] std::int64_t schema_version(Handle& handle);

/// Throws std::runtime_error with a sentence unless the file is a database of ours that no newer
/// program wrote. A file without anything in it is none.
void require_known(Handle& handle, const std::filesystem::path& file);

/// Applies what is missing, each in a transaction of its own.
/// Throws std::runtime_error with a sentence if a newer program wrote the file or it is no database
/// of ours.
void migrate(Handle& handle, const std::filesystem::path& file);

/// What the installation is; made, with a random epoch and the default workspace, where there is
/// none yet.
[[nodiscard]] storage::Installation open_installation(
    Handle& handle,
    const Clock& clock,
    Random& random
);

}  // namespace banter::sqlite
