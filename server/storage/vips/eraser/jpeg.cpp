// JPEG: segments that begin with 0xff and a marker, and compressed data behind each SOS
// (ITU-T T.81 B.1.1). Nothing may hide behind EOI: phones put whole films there.
#include "storage/vips/eraser/formats.hpp"
#include "storage/vips/eraser/kept.hpp"

namespace banter::vips {

namespace {

using namespace std::string_view_literals;

enum Marker : std::uint8_t {
    stuffed = 0x00,
    temporary = 0x01,
    restart_first = 0xd0,
    restart_last = 0xd7,
    start_of_image = 0xd8,
    end_of_image = 0xd9,
    start_of_scan = 0xda,
    application_first = 0xe0,
    exif_or_xmp = 0xe1,
    colour_profile = 0xe2,
    adobe = 0xee,
    application_last = 0xef,
    comment = 0xfe,
};

bool is_restart(std::uint8_t marker) { return marker >= restart_first && marker <= restart_last; }

/// Where the next marker begins, at `at` or behind it; the end of the file if there is none.
std::size_t next_marker(ConstBytes file, std::size_t at) {
    for (; at + 1 < file.size(); ++at) {
        const std::uint8_t code = file[at + 1];
        if (file[at] == 0xff && code != 0xff && code != stuffed && !is_restart(code)) return at;
    }
    return file.size();
}

/// `segment` begins with its marker. Changes the Exif that stays.
bool stays(Bytes segment) {
    const std::uint8_t marker = segment[1];
    if (marker == comment) return false;
    if (marker < application_first || marker > application_last) return true;
    if (marker == application_first)
        return has_at(segment, 4, "JFIF\0"sv) || has_at(segment, 4, "JFXX\0"sv);
    if (marker == exif_or_xmp) {
        constexpr std::size_t head_size = 10;
        return has_at(segment, 4, "Exif\0"sv) && segment.size() > head_size &&
               erase_from_tiff(segment.subspan(head_size));
    }
    if (marker == colour_profile) return has_at(segment, 4, "ICC_PROFILE\0"sv);
    return marker == adobe && has_at(segment, 4, "Adobe"sv);
}

}  // namespace

std::optional<Erased> erase_from_jpeg(Bytes file) {
    Kept kept(file);
    kept.keep(0, 2);
    std::size_t at = 2;
    for (;;) {
        // What is no marker here, decoders skip.
        at = next_marker(file, at);
        if (!fits(file, at, 2)) return std::nullopt;
        const std::uint8_t marker = file[at + 1];
        if (marker == end_of_image) {
            kept.keep(at, 2);
            return Erased{.file = kept.bytes()};
        }
        if (marker == start_of_image || marker == temporary) return std::nullopt;
        if (!fits(file, at, 4)) return std::nullopt;
        std::size_t size = 2 + static_cast<std::size_t>(number_at(file, at + 2, 2));
        if (size < 4 || !fits(file, at, size)) return std::nullopt;
        const bool wanted = stays(file.subspan(at, size));
        if (marker == start_of_scan) size = next_marker(file, at + size) - at;
        if (wanted) kept.keep(at, size);
        at += size;
    }
}

}  // namespace banter::vips
