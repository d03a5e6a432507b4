// Names in lower case, so that they are found in any case. Pure.
#pragma once

#include <string>
#include <string_view>

namespace banter::sql {

/// `text` (well-formed UTF-8) with each letter in lower case, by the simple mapping of Unicode: one
/// code point for one.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace banter::sql
