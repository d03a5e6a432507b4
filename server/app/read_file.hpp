// A file of the operator's.
#pragma once

#include <filesystem>
#include <string>

namespace banter::app {

/// Throws std::runtime_error, which names the file, if it can't be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

}  // namespace banter::app
