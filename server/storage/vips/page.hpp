// Draws the first page of a PDF with libvips, in the child.
#pragma once

#include "storage/vips/decoder.hpp"

namespace banter::vips {

/// A PNG, in which the page is at most limits::poster_side_max high and wide.
///
/// library  opened for pages
[[nodiscard]] Made draw_page(const Library& library, ConstBytes file);

}  // namespace banter::vips
