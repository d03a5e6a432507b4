// The bytes of a backup, from a copy of the database, the signing key and the files of this machine
// to a tar with a manifest.
#pragma once

#include "app/backup/manifest.hpp"
#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "service/sha256.hpp"
#include "storage/sqlite/snapshot.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace banter::app {

/// The parts of a backup, by their names in it and in the data directory.
inline constexpr std::string_view key_part = "issuer-key.pem";
inline constexpr std::string_view database_part = "banter.db";
inline constexpr std::string_view manifest_part = "manifest.toml";
/// All files together: `files/FIRST TWO DIGITS/KEY` each, as they lie in the data directory.
inline constexpr std::string_view files_part = "files";

/// Whether that is the name of one of the files.
[[nodiscard]] bool is_file_name(std::string_view name);

class Archive {
public:
    /// files: where they lie; empty if it isn't on this machine, or isn't there. What is added
    /// while the archive is made may be in it or not; nothing that the database names may be
    /// removed.
    Archive(
        sqlite::DatabaseCopy database,
        std::string issuer_key,
        std::filesystem::path files,
        Timestamp made_at
    );

    /// The next bytes, at most a few hundred KiB; none: that was all. Reads from a disk, so it
    /// blocks. Throws std::system_error.
    [[nodiscard]] std::string next();

private:
    enum class Stage { key, database_header, database, files, manifest, over };

    [[nodiscard]] std::string key();
    [[nodiscard]] std::string database_header();
    [[nodiscard]] std::string database();
    [[nodiscard]] std::string files();
    /// Opens the next one and gives its header; empty: that was the last.
    [[nodiscard]] std::string next_file();
    [[nodiscard]] std::string manifest();
    [[nodiscard]] std::string header(std::string_view name, std::uint64_t bytes) const;

    Stage stage_ = Stage::key;
    sqlite::DatabaseCopy database_;
    std::string issuer_key_;
    Manifest manifest_;
    service::Sha256 hash_;
    std::uint64_t offset_ = 0;

    std::filesystem::path files_;
    /// Of the present folder, and those that are still to come in it, the next one last.
    unsigned next_folder_ = 0;
    std::vector<std::string> names_;
    Descriptor file_;
    std::uint64_t file_bytes_ = 0;
    std::uint64_t files_bytes_ = 0;
};

}  // namespace banter::app
