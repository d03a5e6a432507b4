// What objects on the heap cost, for the figures of memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace banter {

/// The gauge to which every layer adds its parts, with a label `part="…"`.
inline constexpr std::string_view memory_metric = "banter_memory_bytes";
inline constexpr std::string_view memory_help =
    "Memory by what it is for; not everything is counted";

/// What glibc's malloc takes for a block of `size` bytes: a word in front, in steps of 16, at least
/// 32.
constexpr std::size_t heap_block_bytes(std::size_t size) {
    return std::max<std::size_t>(32, (size + sizeof(std::size_t) + 15) / 16 * 16);
}

}  // namespace banter
