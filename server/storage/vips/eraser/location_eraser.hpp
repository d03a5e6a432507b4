// Takes out of a picture where on earth it was taken, and what hides behind its end. Pixels,
// colours, orientation and the rest of its Exif stay. Pure: reads and writes nothing but the memory
// that it is given, and trusts no byte of it.
//
// What goes in every format: the IFD of GPS in Exif, XMP, IPTC, comments, and what no reader of
// pictures knows: cameras, drones and phones write places there too. Of Exif and TIFF stays what is
// known to say no place, so that GeoTIFF, notes of cameras and users, and descriptions go. An Exif
// that can't be read goes as a whole.
#pragma once

#include "model/limits.hpp"
#include "storage/vips/eraser/bytes.hpp"

#include <cstdint>
#include <optional>

namespace banter::vips {

enum class FileFormat : std::uint8_t { jpeg, png, gif, webp, tiff, heif };

/// By its first bytes. HEIC and AVIF are both heif.
[[nodiscard]] std::optional<FileFormat> format_of(ConstBytes file);

/// All frames of an animation together, in pixels: some minutes of a small one.
inline constexpr std::uint64_t frames_pixels_max = 10 * model::limits::picture_pixels_max;

struct Erased {
    /// The front of the memory that held the file.
    Bytes file;
    /// Has frames that a reader of one picture doesn't see (only PNG, AVIF and HEIC say it here).
    bool animated = false;
};

/// Changes `file` in place. Of TIFF it can't tell what lies behind the end.
///
/// Returns  nothing: not built as its format asks for, cut off, or with more to show than
///          frames_pixels_max beside the picture that decoders of one look at. What it holds then
///          is of no use.
[[nodiscard]] std::optional<Erased> erase_location(Bytes file, FileFormat format);

}  // namespace banter::vips
