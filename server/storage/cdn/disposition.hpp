// How a browser is told to treat a file: shown, or saved, as what and under which name (RFC 6266).
#pragma once

#include <string>
#include <string_view>

namespace banter::cdn {

/// Whether a browser may show a file of this type in the server's name: raster images, sound and
/// films, which hold no script. Everything else is saved, SVG, HTML and PDF too.
[[nodiscard]] bool may_be_shown(std::string_view media_type);

/// As what a file of this type is given out: what browsers may run, in whatever way, as
/// `application/octet-stream`. The rest, which they show or save, as what it is.
[[nodiscard]] std::string served_type(std::string_view media_type);

/// Whether it is text, or something like it.
[[nodiscard]] bool is_textual(std::string_view media_type);

/// The value of Content-Disposition, in printable ASCII whatever the name holds. Path separators,
/// controls and what turns the direction of writing become `_`; a name of dots alone, or none,
/// becomes `file`.
///
/// name  UTF-8; bytes that aren't are escaped as they are
[[nodiscard]] std::string content_disposition(std::string_view name, bool shown);

}  // namespace banter::cdn
