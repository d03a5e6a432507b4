// ISO base media files: boxes of a size, a type and a content, which may be boxes again
// (ISO/IEC 14496-12 section 4.2).
#pragma once

#include "storage/vips/eraser/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace banter::vips {

struct Box {
    /// Of the box, from the front of what it is in.
    std::size_t offset = 0;
    std::size_t size = 0;
    std::size_t head_size = 0;
    /// What it says of itself doesn't fit into what it is in.
    bool cut_off = false;

    [[nodiscard]] std::size_t end() const { return offset + size; }
    [[nodiscard]] bool is(ConstBytes outer, std::string_view type) const {
        return has_at(outer, offset + 4, type);
    }
    [[nodiscard]] Bytes content(Bytes outer) const {
        return outer.subspan(offset + head_size, size - head_size);
    }
};

/// Nothing if there are not even enough bytes for the head of one.
[[nodiscard]] inline std::optional<Box> box_at(ConstBytes outer, std::size_t offset) {
    if (!fits(outer, offset, 8)) return std::nullopt;
    Box box{.offset = offset, .head_size = 8};
    std::uint64_t size = number_at(outer, offset, 4);
    if (size == 0) size = outer.size() - offset;
    if (size == 1) {
        if (!fits(outer, offset, 16)) return std::nullopt;
        box.head_size = 16;
        size = number_at(outer, offset + 8, 8);
    }
    box.cut_off = size < box.head_size || !fits(outer, offset, size);
    if (!box.cut_off) box.size = static_cast<std::size_t>(size);
    return box;
}

/// Makes it one that says nothing. Everything else stays where it is.
inline void blank(Bytes outer, const Box& box) {
    constexpr std::string_view free = "free";
    for (std::size_t i = 0; i < free.size(); ++i) {
        outer[box.offset + 4 + i] = static_cast<std::uint8_t>(free[i]);
    }
    const Bytes content = box.content(outer);
    std::fill(content.begin(), content.end(), std::uint8_t{0});
}

}  // namespace banter::vips
