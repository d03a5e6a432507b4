// From the bytes of a backup back to its parts.
#pragma once

#include "app/backup/manifest.hpp"

#include <filesystem>
#include <functional>

namespace banter::app {

/// Called between two pieces of work; throws to end it.
using Interruption = std::function<void()>;

/// Writes the parts of the backup into `directory`, synced, and returns what it says of itself when
/// all of them are there, and none but them, with the bytes that it names.
/// Throws std::runtime_error with a sentence for the operator: it is no backup, it is cut off, it
/// is damaged, a newer version made it.
[[nodiscard]] Manifest unpack(
    const std::filesystem::path& backup,
    const std::filesystem::path& directory,
    const Interruption& interruption
);

}  // namespace banter::app
