// What objects on the heap cost, for the figures of memory.
#pragma once

#include <algorithm>
#include <cstddef>

namespace banter {

/// What glibc's malloc takes for a block of `size` bytes: a word in front, in steps of 16, at least
/// 32.
constexpr std::size_t heap_block_bytes(std::size_t size) {
    return std::max<std::size_t>(32, (size + sizeof(std::size_t) + 15) / 16 * 16);
}

}  // namespace banter
