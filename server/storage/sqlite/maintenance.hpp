// What is done to a database file that no server uses. Whoever calls holds the lock of its
// directory. Everything throws std::runtime_error with a sentence for the operator.
#pragma once

#include "base/random.hpp"
#include "storage/sqlite/snapshot.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace banter::sqlite {

/// A copy of it, whatever the version of its schema. The copy has its place in the same directory
/// until it is closed.
[[nodiscard]] DatabaseCopy copy_file(const std::filesystem::path& file);

/// Reads all of it: SQLite finds it whole, it is a database of ours, and no newer program wrote it.
/// Returns how many migrations it has seen.
[[nodiscard]] std::int64_t check_file(const std::filesystem::path& file);

/// Clients that come back then fetch everything anew. Leaves one file, on disk. Returns the new
/// epoch.
std::string renew_epoch(const std::filesystem::path& file, Random& random);

}  // namespace banter::sqlite
