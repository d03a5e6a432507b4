// `banter backup`: everything that it takes to restore an installation, in one file.
#pragma once

#include "app/backup/unpack.hpp"
#include "app/config.hpp"
#include "base/clock.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace banter::app {

/// Told now and then how far it is, in percent.
using Progress = std::function<void(const std::string& percent)>;

/// Makes `file`, whole or not at all. A server that runs on the data makes the backup; without one
/// this process does, and holds the data directory meanwhile. Blocks.
/// Throws std::runtime_error with a sentence for the operator.
void back_up(
    const Config& config,
    const std::filesystem::path& file,
    const Progress& progress,
    const Interruption& interruption
);

}  // namespace banter::app
