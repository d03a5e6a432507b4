// What files are called: text that people read, made harmless and short. Pure.
#pragma once

#include <string>
#include <string_view>

namespace banter::model {

/// Path separators, controls and what turns the direction of writing become `_`; a name of dots and
/// spaces alone, or none, becomes `file`.
///
/// name  UTF-8; bytes that aren't stay as they are
[[nodiscard]] std::string harmless_name(std::string_view name);

/// A name to keep: the last part of what may be a path, harmless, at most
/// limits::file_name_bytes_max bytes; what is cut is cut before its ending. "file" for what is no
/// text.
///
/// claimed  any bytes
[[nodiscard]] std::string file_name(std::string_view claimed);

}  // namespace banter::model
