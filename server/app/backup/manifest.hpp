// What a backup says of itself: its last part, in TOML. Pure.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::app {

struct Manifest {
    /// Of this very description; 1.
    std::int64_t format = 1;
    /// Of the program that made the backup.
    std::string version;
    /// Migrations that the database has seen.
    std::int64_t schema = 0;
    std::string epoch;
    Timestamp made_at;

    struct Part {
        std::string name;
        std::uint64_t bytes = 0;
        /// SHA-256 in hex.
        std::string sha256;

        friend bool operator==(const Part&, const Part&) = default;
    };
    std::vector<Part> parts;
};

[[nodiscard]] std::string encode(const Manifest& manifest);
/// Nothing if something is missing or of another kind. Of another format only `format` and
/// `version` are read.
[[nodiscard]] std::optional<Manifest> parse_manifest(std::string_view text);

}  // namespace banter::app
