// The little of tar (POSIX ustar) that a backup needs: regular files, one after the other. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::app::tar {

/// Everything in a tar is a multiple of so many bytes.
inline constexpr std::size_t block_bytes = 512;

struct Entry {
    /// At most 100 bytes.
    std::string name;
    std::uint64_t bytes = 0;
    /// Seconds since 1970.
    std::int64_t changed_at = 0;
};

/// The block in front of the file's bytes.
[[nodiscard]] std::string header(const Entry& entry);
/// The zeros that follow them.
[[nodiscard]] std::string padding(std::uint64_t bytes);
/// What ends the tar: two blocks of zeros.
[[nodiscard]] std::string end();

/// block: block_bytes of them. Nothing if it is no header of a regular file, or damaged.
[[nodiscard]] std::optional<Entry> parse_header(std::string_view block);
[[nodiscard]] bool is_end(std::string_view block);

}  // namespace banter::app::tar
