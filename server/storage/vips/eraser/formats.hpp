// The formats that a location is erased from, one by one; erase_location() says what each does.
#pragma once

#include "storage/vips/eraser/location_eraser.hpp"

#include <optional>

namespace banter::vips {

[[nodiscard]] std::optional<Erased> erase_from_jpeg(Bytes file);
[[nodiscard]] std::optional<Erased> erase_from_png(Bytes file);
[[nodiscard]] std::optional<Erased> erase_from_gif(Bytes file);
[[nodiscard]] std::optional<Erased> erase_from_webp(Bytes file);
[[nodiscard]] std::optional<Erased> erase_from_heif(Bytes file);

/// Without Exif and profile of colours: of a picture whose colours are those of sRGB. As
/// erase_location() it works in place.
[[nodiscard]] std::optional<Bytes> bare_webp(Bytes file);

/// A TIFF, or an Exif, which is one without a picture. Its size stays.
///
/// Returns  false: not readable as one
[[nodiscard]] bool erase_from_tiff(Bytes tiff);

}  // namespace banter::vips
