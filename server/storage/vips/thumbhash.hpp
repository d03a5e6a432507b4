// A picture in at most 25 bytes, to be shown blurred until it has come: ThumbHash
// (evanw.github.io/thumbhash). Its average colour and a few waves of it, by a cosine transform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace banter::vips {

/// Longest side, in pixels, of what is hashed: more is slow and changes nothing.
inline constexpr std::uint32_t thumbhash_side_max = 100;
/// Of a hash.
inline constexpr std::size_t thumbhash_bytes_max = 25;

/// Row by row, four bytes each: red, green, blue, alpha (not premultiplied).
struct Pixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::span<const std::uint8_t> rgba;
};

/// pixels  1 to thumbhash_side_max wide and high
[[nodiscard]] std::vector<std::uint8_t> thumbhash(const Pixels& pixels);

}  // namespace banter::vips
