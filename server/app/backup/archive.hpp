// The bytes of a backup, from a copy of the database and the signing key to a tar with a manifest.
#pragma once

#include "app/backup/manifest.hpp"
#include "base/clock.hpp"
#include "service/sha256.hpp"
#include "storage/sqlite/snapshot.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace banter::app {

/// The parts of a backup, by their names in it and in the data directory.
inline constexpr std::string_view key_part = "issuer-key.pem";
inline constexpr std::string_view database_part = "banter.db";
inline constexpr std::string_view manifest_part = "manifest.toml";

class Archive {
public:
    Archive(sqlite::DatabaseCopy database, std::string issuer_key, Timestamp made_at);

    /// The next bytes, at most a few hundred KiB; none: that was all. Reads from a disk, so it
    /// blocks. Throws std::system_error.
    [[nodiscard]] std::string next();

private:
    enum class Stage { key, database_header, database, manifest, over };

    [[nodiscard]] std::string key();
    [[nodiscard]] std::string database_header();
    [[nodiscard]] std::string database();
    [[nodiscard]] std::string manifest();
    [[nodiscard]] std::string header(std::string_view name, std::uint64_t bytes) const;

    Stage stage_ = Stage::key;
    sqlite::DatabaseCopy database_;
    std::string issuer_key_;
    Manifest manifest_;
    service::Sha256 database_hash_;
    std::uint64_t offset_ = 0;
};

}  // namespace banter::app
