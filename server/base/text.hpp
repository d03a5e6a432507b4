// What parsers of ASCII formats need again and again.
#pragma once

#include <string>
#include <string_view>

namespace banter {

/// Letters of ASCII in lower case; every other byte as it is.
[[nodiscard]] std::string lower_case(std::string_view text);

/// Without the spaces, tabs and line ends around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Takes what stands before the next `mark` off `text`, and the mark.
std::string_view take_until(std::string_view& text, char mark);

}  // namespace banter
