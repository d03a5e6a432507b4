// GIF: a screen, then extensions and pictures made of sub-blocks of up to 255 bytes (GIF89a).
#include "model/limits.hpp"
#include "storage/vips/eraser/formats.hpp"
#include "storage/vips/eraser/kept.hpp"

namespace banter::vips {

namespace {

constexpr std::uint8_t extension = 0x21;
constexpr std::uint8_t graphic_control = 0xf9;
constexpr std::uint8_t application = 0xff;
constexpr std::uint8_t picture = 0x2c;
constexpr std::uint8_t trailer = 0x3b;

/// Of the table of colours that `flags` tell of.
std::size_t table_size(std::uint8_t flags) {
    return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

/// Where the sub-blocks that begin at `at` have ended, or nothing.
std::optional<std::size_t> end_of_blocks(ConstBytes file, std::size_t at) {
    while (fits(file, at, 1)) {
        const std::size_t size = file[at];
        ++at;
        if (size == 0) return at;
        if (!fits(file, at, size)) return std::nullopt;
        at += size;
    }
    return std::nullopt;
}

std::optional<std::size_t> end_of_picture(ConstBytes file, std::size_t at) {
    constexpr std::size_t descriptor_size = 10;
    if (!fits(file, at, descriptor_size)) return std::nullopt;
    const std::size_t table = table_size(file[at + 9]);
    // Behind the table, one byte says how long the shortest code is.
    return end_of_blocks(file, at + descriptor_size + table + 1);
}

/// How long a picture stands, how often all repeat, and colours. Comments, text, XMP, and what
/// nobody knows, go.
bool stays(ConstBytes block) {
    if (block[1] == graphic_control) return true;
    if (block[1] != application) return false;
    return has_at(block, 3, "NETSCAPE2.0") || has_at(block, 3, "ANIMEXTS1.0") ||
           has_at(block, 3, "ICCRGBG1012");
}

}  // namespace

std::optional<Erased> erase_from_gif(Bytes file) {
    constexpr std::size_t screen_size = 13;
    if (!fits(file, 0, screen_size)) return std::nullopt;
    // Whatever its pictures are, this is what a browser makes room for.
    const auto width = static_cast<std::uint64_t>(file[6] | file[7] << 8);
    const auto height = static_cast<std::uint64_t>(file[8] | file[9] << 8);
    if (width * height > model::limits::picture_pixels_max) return std::nullopt;
    std::size_t at = screen_size + table_size(file[10]);
    if (!fits(file, 0, at)) return std::nullopt;
    Kept kept(file);
    kept.keep(0, at);
    while (fits(file, at, 2) && (file[at] == extension || file[at] == picture)) {
        const bool shown = file[at] == picture;
        const auto end = shown ? end_of_picture(file, at) : end_of_blocks(file, at + 2);
        if (!end) return std::nullopt;
        const std::size_t size = *end - at;
        if (shown || stays(file.subspan(at, size))) kept.keep(at, size);
        at = *end;
    }
    if (!fits(file, at, 1) || file[at] != trailer) return std::nullopt;
    kept.keep(at, 1);
    return Erased{.file = kept.bytes()};
}

}  // namespace banter::vips
