// HEIC and AVIF. Offsets in them count from the front of the file, so nothing moves: what goes is
// blanked where it lies.
#include "storage/vips/eraser/boxes.hpp"
#include "storage/vips/eraser/formats.hpp"
#include "storage/vips/eraser/heif_items.hpp"
#include "storage/vips/eraser/heif_tracks.hpp"

#include <array>

namespace banter::vips {

namespace {

using namespace std::string_view_literals;

/// What else there is at the front of the file says nothing of the picture: films, signatures.
constexpr std::array known_boxes{"ftyp"sv, "meta"sv, "mdat"sv, "moov"sv};
/// Words about a picture or a track, and boxes that anybody may make up.
constexpr std::array talking_boxes{"udta"sv, "uuid"sv, "xml "sv, "bxml"sv, "free"sv, "skip"sv};

template <std::size_t Count>
bool is_one_of(ConstBytes outer, const Box& box, const std::array<std::string_view, Count>& types) {
    return std::any_of(types.begin(), types.end(), [&](std::string_view type) {
        return box.is(outer, type);
    });
}

/// Calls `look` with each box in `outer` from `offset` on. False if it isn't made of boxes.
template <typename Look>
bool each_box(Bytes outer, std::size_t offset, Look look) {
    while (offset < outer.size()) {
        const auto box = box_at(outer, offset);
        if (!box || box->cut_off) return false;
        look(*box);
        offset = box->end();
    }
    return true;
}

class HeifEraser {
public:
    explicit HeifEraser(Bytes file) : file_(file) {}

    std::optional<Erased> run() {
        Erased erased;
        for (std::size_t at = 0; at < file_.size();) {
            const auto box = box_at(file_, at);
            const bool known = box && is_one_of(file_, *box, known_boxes);
            if (known && box->cut_off) return std::nullopt;
            if (!box || box->cut_off) break;
            if (known) {
                if (!look_into(*box)) return std::nullopt;
                erased.file = file_.first(box->end());
            } else {
                blank(file_, *box);
            }
            at = box->end();
        }
        if (!meta_ || !erase_items()) return std::nullopt;
        erased.animated = moving_;
        return erased;
    }

private:
    bool look_into(const Box& box) {
        if (box.is(file_, "meta")) {
            // Readers differ in which of two they take.
            if (meta_ || box.size < box.head_size + 4) return false;
            meta_ = box.content(file_);
            return true;
        }
        if (!box.is(file_, "moov")) return true;
        // Nobody decodes them here.
        if (!pixels_of_tracks(box.content(file_))) return false;
        moving_ = true;
        return quieten(box.content(file_), 0);
    }

    /// Blanks what isn't needed to show a film.
    static bool quieten(Bytes outer, int depth) {
        bool sound = true;
        const bool made_of_boxes = each_box(outer, 0, [&](const Box& box) {
            if (is_one_of(outer, box, talking_boxes) || box.is(outer, "meta")) blank(outer, box);
            if (box.is(outer, "trak") && depth == 0) {
                sound = sound && quieten(box.content(outer), depth + 1);
            }
        });
        return sound && made_of_boxes;
    }

    bool erase_items() {
        std::optional<Bytes> infos;
        std::optional<Bytes> places;
        Bytes idat;
        const Bytes meta = *meta_;
        const bool made_of_boxes = each_box(meta, 4, [&](const Box& box) {
            if (is_one_of(meta, box, talking_boxes)) blank(meta, box);
            if (box.is(meta, "iinf")) infos = box.content(meta);
            if (box.is(meta, "iloc")) places = box.content(meta);
            if (box.is(meta, "idat")) idat = box.content(meta);
        });
        if (!made_of_boxes || !infos || !places) return false;
        const auto items = parse_item_infos(*infos);
        if (!items) return false;
        const auto found = parse_item_places(*places, *items);
        if (!found) return false;
        for (const auto& [kind, place] : *found) erase_item(kind, place, idat);
        return true;
    }

    void erase_item(ItemKind kind, const ItemPlace& place, Bytes idat) const {
        const Bytes outer = place.in_idat ? idat : file_;
        for (const Extent& extent : place.extents) {
            const std::uint64_t all = outer.size();
            const Bytes part = part_of(outer, extent.offset, extent.size != 0 ? extent.size : all);
            const bool whole = place.extents.size() == 1;
            if (kind == ItemKind::exif && whole && erase_from_exif(part)) continue;
            // XMP stays well-formed if it is all white.
            std::fill(
                part.begin(),
                part.end(),
                static_cast<std::uint8_t>(kind == ItemKind::text ? ' ' : 0)
            );
        }
    }

    /// In front of the TIFF stands how many bytes are to be skipped.
    static bool erase_from_exif(Bytes item) {
        if (!fits(item, 0, 4)) return false;
        const std::uint64_t offset = 4 + number_at(item, 0, 4);
        return fits(item, offset, 0) &&
               erase_from_tiff(item.subspan(static_cast<std::size_t>(offset)));
    }

    Bytes file_;
    /// What is in the box.
    std::optional<Bytes> meta_;
    bool moving_ = false;
};

}  // namespace

std::optional<Erased> erase_from_heif(Bytes file) { return HeifEraser(file).run(); }

}  // namespace banter::vips
