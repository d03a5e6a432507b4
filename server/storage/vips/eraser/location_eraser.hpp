// Takes out of a picture where on earth it was taken, and what hides behind its end. Pixels,
// colours, orientation and the rest of its Exif stay. Pure: reads and writes nothing but the memory
// that it is given, and trusts no byte of it.
//
// What goes in every format: the IFD of GPS in Exif, XMP, IPTC, and what no reader of pictures
// knows: cameras, drones and phones write places there too. An Exif that can't be read goes as a
// whole.
#pragma once

#include "storage/vips/eraser/bytes.hpp"

#include <cstdint>
#include <optional>

namespace banter::vips {

enum class FileFormat : std::uint8_t { jpeg, png, gif, webp, tiff, heif };

/// By its first bytes. HEIC and AVIF are both heif.
[[nodiscard]] std::optional<FileFormat> format_of(ConstBytes file);

struct Erased {
    /// The front of the memory that held the file.
    Bytes file;
    /// Has frames that a reader of one picture doesn't see (only PNG, AVIF and HEIC say it here).
    bool animated = false;
};

/// Changes `file` in place. Of TIFF it can't tell what lies behind the end.
///
/// Returns  nothing: not built as its format asks for, or cut off. What it holds then is of no use.
[[nodiscard]] std::optional<Erased> erase_location(Bytes file, FileFormat format);

}  // namespace banter::vips
