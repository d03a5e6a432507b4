#include "storage/vips/eraser/location_eraser.hpp"

#include "storage/vips/eraser/formats.hpp"

namespace banter::vips {

namespace {

using namespace std::string_view_literals;

/// Brands of what holds a HEIC or AVIF picture; mif1 and msf1 are of either.
bool is_heif(ConstBytes file) {
    for (const auto brand :
         {"avif"sv,
          "avis"sv,
          "heic"sv,
          "heix"sv,
          "heim"sv,
          "heis"sv,
          "hevc"sv,
          "hevx"sv,
          "hevm"sv,
          "hevs"sv,
          "mif1"sv,
          "msf1"sv}) {
        if (has_at(file, 4, "ftyp") && has_at(file, 8, brand)) return true;
    }
    return false;
}

}  // namespace

std::optional<FileFormat> format_of(ConstBytes file) {
    if (has_at(file, 0, "\xff\xd8\xff")) return FileFormat::jpeg;
    if (has_at(file, 0, "\x89PNG\r\n\x1a\n")) return FileFormat::png;
    if (has_at(file, 0, "GIF87a") || has_at(file, 0, "GIF89a")) return FileFormat::gif;
    if (has_at(file, 0, "RIFF") && has_at(file, 8, "WEBP")) return FileFormat::webp;
    if (has_at(file, 0, "II*\0"sv) || has_at(file, 0, "MM\0*"sv)) return FileFormat::tiff;
    if (is_heif(file)) return FileFormat::heif;
    return std::nullopt;
}

std::optional<Erased> erase_location(Bytes file, FileFormat format) {
    switch (format) {
        case FileFormat::jpeg: return erase_from_jpeg(file);
        case FileFormat::png: return erase_from_png(file);
        case FileFormat::gif: return erase_from_gif(file);
        case FileFormat::webp: return erase_from_webp(file);
        case FileFormat::heif: return erase_from_heif(file);
        case FileFormat::tiff: break;
    }
    if (!erase_from_tiff(file)) return std::nullopt;
    return Erased{.file = file};
}

}  // namespace banter::vips
