// What a HEIC or AVIF holds beside its picture, and where that lies (ISO/IEC 14496-12 section
// 8.11).
#pragma once

#include "storage/vips/eraser/bytes.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace banter::vips {

enum class ItemKind : std::uint8_t { exif, text };

struct Extent {
    std::uint64_t offset = 0;
    /// 0: all behind `offset`.
    std::uint64_t size = 0;
};

struct ItemPlace {
    /// Within the box `idat` of `meta`, not within the file.
    bool in_idat = false;
    std::vector<Extent> extents;
};

/// Items that are no pictures, by id. `iinf` is the content of the box.
[[nodiscard]] std::optional<std::map<std::uint64_t, ItemKind>> parse_item_infos(Bytes iinf);

/// Where those of `wanted` lie. `iloc` is the content of the box.
///
/// Returns  nothing: malformed, or one of them lies where this can't follow
[[nodiscard]] std::optional<std::vector<std::pair<ItemKind, ItemPlace>>> parse_item_places(
    ConstBytes iloc,
    const std::map<std::uint64_t, ItemKind>& wanted
);

}  // namespace banter::vips
