#include "storage/vips/eraser/heif_tracks.hpp"

#include "storage/vips/eraser/boxes.hpp"
#include "storage/vips/eraser/location_eraser.hpp"

#include <algorithm>

namespace banter::vips {

namespace {

/// The content of the first box of the type; nothing if there is none.
std::optional<Bytes> find_box(Bytes outer, std::string_view type) {
    for (std::size_t at = 0; at < outer.size();) {
        const auto box = box_at(outer, at);
        if (!box || box->cut_off) return std::nullopt;
        if (box->is(outer, type)) return box->content(outer);
        at = box->end();
    }
    return std::nullopt;
}

/// Of the largest kind of frame that the table tells of. `stsd` is the content of the box.
std::optional<std::uint64_t> frame_pixels(Bytes stsd) {
    constexpr std::size_t head_size = 8;
    constexpr std::size_t width_offset = 24;
    std::optional<std::uint64_t> pixels;
    for (std::size_t at = head_size; at < stsd.size();) {
        const auto box = box_at(stsd, at);
        if (!box || box->cut_off) return std::nullopt;
        const ConstBytes entry = box->content(stsd);
        if (!fits(entry, width_offset, 4)) return std::nullopt;
        const std::uint64_t size =
            number_at(entry, width_offset, 2) * number_at(entry, width_offset + 2, 2);
        pixels = std::max(pixels.value_or(0), size);
        at = box->end();
    }
    return pixels;
}

/// `stbl` is the content of the box.
std::optional<std::uint64_t> frame_count(Bytes stbl) {
    constexpr std::size_t count_offset = 8;
    auto sizes = find_box(stbl, "stsz");
    if (!sizes) sizes = find_box(stbl, "stz2");
    if (!sizes || !fits(*sizes, count_offset, 4)) return std::nullopt;
    return number_at(*sizes, count_offset, 4);
}

/// `trak` is the content of the box.
std::optional<std::uint64_t> pixels_of_track(Bytes trak) {
    const auto media = find_box(trak, "mdia");
    if (!media) return std::nullopt;
    const auto handler = find_box(*media, "hdlr");
    if (handler && has_at(*handler, 8, "soun")) return 0;
    const auto information = find_box(*media, "minf");
    const auto table = information ? find_box(*information, "stbl") : std::nullopt;
    const auto kinds = table ? find_box(*table, "stsd") : std::nullopt;
    const auto pixels = kinds ? frame_pixels(*kinds) : std::nullopt;
    const auto count = table ? frame_count(*table) : std::nullopt;
    if (!pixels || !count) return std::nullopt;
    // 64 bits hold any product of the two.
    return *pixels * *count;
}

}  // namespace

std::optional<std::uint64_t> pixels_of_tracks(Bytes moov) {
    std::uint64_t all = 0;
    for (std::size_t at = 0; at < moov.size();) {
        const auto box = box_at(moov, at);
        if (!box || box->cut_off) return std::nullopt;
        if (box->is(moov, "trak")) {
            const auto pixels = pixels_of_track(box->content(moov));
            if (!pixels || *pixels > frames_pixels_max - all) return std::nullopt;
            all += *pixels;
        }
        at = box->end();
    }
    return all;
}

}  // namespace banter::vips
