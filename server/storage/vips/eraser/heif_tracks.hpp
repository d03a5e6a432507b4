// How much a HEIC or AVIF that moves has to show beside its picture (ISO/IEC 14496-12 section 8).
#pragma once

#include "storage/vips/eraser/bytes.hpp"

#include <cstdint>
#include <optional>

namespace banter::vips {

/// Pixels of all frames of all tracks together, sound aside. `moov` is the content of the box.
///
/// Returns  nothing: a track doesn't say it, or more than frames_pixels_max
[[nodiscard]] std::optional<std::uint64_t> pixels_of_tracks(Bytes moov);

}  // namespace banter::vips
