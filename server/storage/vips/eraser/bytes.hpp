// Looking into bytes that anybody may have written. Whoever reads asks first whether there is
// anything: reading beyond the end is a programmer's mistake.
#pragma once

#include "base/check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace banter::vips {

using Bytes = std::span<std::uint8_t>;
using ConstBytes = std::span<const std::uint8_t>;

enum class ByteOrder : std::uint8_t { big, little };

[[nodiscard]] inline bool fits(ConstBytes bytes, std::uint64_t offset, std::uint64_t size) {
    return offset <= bytes.size() && size <= bytes.size() - offset;
}

/// An unsigned number of `size` bytes, at most 8.
[[nodiscard]] inline std::uint64_t number_at(
    ConstBytes bytes,
    std::uint64_t offset,
    std::size_t size,
    ByteOrder order = ByteOrder::big
) {
    CHECK(size <= 8 && fits(bytes, offset, size));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t place = order == ByteOrder::big ? i : size - 1 - i;
        value = value << 8 | bytes[static_cast<std::size_t>(offset) + place];
    }
    return value;
}

inline void set_number(
    Bytes bytes,
    std::uint64_t offset,
    std::size_t size,
    std::uint64_t value,
    ByteOrder order = ByteOrder::big
) {
    CHECK(size <= 8 && fits(bytes, offset, size));
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t place = order == ByteOrder::big ? size - 1 - i : i;
        bytes[static_cast<std::size_t>(offset) + place] = static_cast<std::uint8_t>(value);
        value >>= 8;
    }
}

[[nodiscard]] inline bool has_at(ConstBytes bytes, std::uint64_t offset, std::string_view text) {
    if (!fits(bytes, offset, text.size())) return false;
    const ConstBytes there = bytes.subspan(static_cast<std::size_t>(offset), text.size());
    return std::equal(there.begin(), there.end(), text.begin(), [](std::uint8_t byte, char letter) {
        return byte == static_cast<std::uint8_t>(letter);
    });
}

/// As much of the range as there is.
[[nodiscard]] inline Bytes part_of(Bytes bytes, std::uint64_t offset, std::uint64_t size) {
    const std::uint64_t begin = std::min<std::uint64_t>(offset, bytes.size());
    const std::uint64_t left = bytes.size() - begin;
    return bytes.subspan(
        static_cast<std::size_t>(begin), static_cast<std::size_t>(std::min(size, left))
    );
}

}  // namespace banter::vips
