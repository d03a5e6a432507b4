// What a running server answers to another command of the same program, on the socket in the data
// directory: frames of a kind, a size and bytes. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::app {

enum class FrameKind : char {
    /// What part of the work is done, in percent; comes at least every few seconds.
    progress = 'p',
    /// The next bytes of the backup.
    data = 'd',
    /// That was all.
    done = 'o',
    /// Why there is no backup, a sentence. The last frame.
    trouble = 'e',
};

/// A kind, and four bytes of size, the highest first.
inline constexpr std::size_t frame_head_bytes = 5;
/// What a request consists of, with its line end.
inline constexpr std::string_view backup_request = "backup\n";

[[nodiscard]] std::string encode_frame(FrameKind kind, std::string_view bytes);

struct FrameHead {
    FrameKind kind;
    std::uint32_t bytes;
};

/// Nothing for a kind that is unknown, or a size beyond a megabyte.
[[nodiscard]] std::optional<FrameHead> parse_frame_head(
    const std::array<std::uint8_t, frame_head_bytes>& head
);

}  // namespace banter::app
