// `banter restore`: a backup becomes the data of a new installation, whole or not at all.
#pragma once

#include "app/backup/unpack.hpp"
#include "app/config.hpp"

#include <filesystem>
#include <string>

namespace banter::app {

/// Fills a new or empty data directory from `backup`, with a new epoch. Nothing there is ever
/// overwritten. Until all of it is there and on disk, the directory has a mark in it (below); a run
/// that was killed is begun anew by the next. Returns a sentence on what was restored.
/// Throws std::runtime_error with a sentence for the operator.
[[nodiscard]] std::string restore(
    const Config& config,
    const std::filesystem::path& backup,
    const Interruption& interruption
);

/// Throws std::runtime_error if a restore into the directory has not come to its end, so that
/// nobody takes what it left for data.
void require_no_unfinished_restore(const std::filesystem::path& data);

}  // namespace banter::app
