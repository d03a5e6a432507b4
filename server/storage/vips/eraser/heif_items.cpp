#include "storage/vips/eraser/heif_items.hpp"

#include "storage/vips/eraser/boxes.hpp"

#include <utility>

namespace banter::vips {

namespace {

/// Reads numbers one behind the other. After one that wasn't there all are 0.
class Numbers {
public:
    explicit Numbers(ConstBytes bytes) : bytes_(bytes) {}

    std::uint64_t next(std::size_t size) {
        failed_ = failed_ || !fits(bytes_, at_, size);
        if (failed_) return 0;
        at_ += size;
        return number_at(bytes_, at_ - size, size);
    }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t place() const { return at_; }

private:
    ConstBytes bytes_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

/// How many bytes the numbers of an `iloc` have.
struct Sizes {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::size_t base = 0;
    std::size_t index = 0;

    [[nodiscard]] bool valid() const {
        for (const std::size_t size : {offset, length, base, index}) {
            if (size != 0 && size != 4 && size != 8) return false;
        }
        return true;
    }
};

std::optional<std::vector<Extent>> parse_extents(
    Numbers& numbers,
    const Sizes& sizes,
    bool indexed
) {
    const std::uint64_t base = numbers.next(sizes.base);
    const std::uint64_t count = numbers.next(2);
    // Each takes room, so that a small file can't claim very many.
    if (count > 1 && sizes.offset + sizes.length == 0) return std::nullopt;
    std::vector<Extent> extents;
    for (std::uint64_t i = 0; i < count && !numbers.failed(); ++i) {
        if (indexed) static_cast<void>(numbers.next(sizes.index));
        const std::uint64_t offset = base + numbers.next(sizes.offset);
        extents.push_back({offset, numbers.next(sizes.length)});
    }
    return extents;
}

/// `infe` is the content of the box.
std::optional<std::pair<std::uint64_t, ItemKind>> parse_item_info(ConstBytes infe) {
    Numbers numbers(infe);
    const std::uint64_t version = numbers.next(4) >> 24;
    if (version != 2 && version != 3) return std::nullopt;
    const std::uint64_t id = numbers.next(version == 2 ? 2 : 4);
    static_cast<void>(numbers.next(2));
    const std::size_t type = numbers.place();
    if (numbers.failed()) return std::nullopt;
    if (has_at(infe, type, "Exif")) return std::pair(id, ItemKind::exif);
    if (has_at(infe, type, "mime") || has_at(infe, type, "uri "))
        return std::pair(id, ItemKind::text);
    return std::nullopt;
}

}  // namespace

std::optional<std::map<std::uint64_t, ItemKind>> parse_item_infos(Bytes iinf) {
    Numbers numbers(iinf);
    const std::uint64_t version = numbers.next(4) >> 24;
    static_cast<void>(numbers.next(version == 0 ? 2 : 4));
    if (numbers.failed()) return std::nullopt;
    std::map<std::uint64_t, ItemKind> items;
    for (std::size_t at = numbers.place(); at < iinf.size();) {
        const auto box = box_at(iinf, at);
        if (!box || box->cut_off) return std::nullopt;
        const auto item = parse_item_info(box->content(iinf));
        if (box->is(iinf, "infe") && item) items.insert(*item);
        at = box->end();
    }
    return items;
}

std::optional<std::vector<std::pair<ItemKind, ItemPlace>>> parse_item_places(
    ConstBytes iloc,
    const std::map<std::uint64_t, ItemKind>& wanted
) {
    Numbers numbers(iloc);
    const std::uint64_t version = numbers.next(4) >> 24;
    const std::uint64_t packed = numbers.next(2);
    const Sizes sizes{packed >> 12, packed >> 8 & 15, packed >> 4 & 15, packed & 15};
    if (version > 2 || !sizes.valid()) return std::nullopt;
    const std::uint64_t count = numbers.next(version < 2 ? 2 : 4);
    std::vector<std::pair<ItemKind, ItemPlace>> places;
    for (std::uint64_t i = 0; i < count && !numbers.failed(); ++i) {
        const std::uint64_t id = numbers.next(version < 2 ? 2 : 4);
        const std::uint64_t method = version > 0 ? numbers.next(2) & 15 : 0;
        const std::uint64_t elsewhere = numbers.next(2);
        auto extents = parse_extents(numbers, sizes, version > 0);
        if (!extents) return std::nullopt;
        const auto item = wanted.find(id);
        if (item == wanted.end()) continue;
        if (method > 1 || elsewhere != 0) return std::nullopt;
        places.emplace_back(item->second, ItemPlace{method == 1, std::move(*extents)});
    }
    if (numbers.failed()) return std::nullopt;
    return places;
}

}  // namespace banter::vips
