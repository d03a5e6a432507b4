// What is said of a part that is away, where everything that needs it fails.
#pragma once

#include "base/result.hpp"

#include <string_view>

namespace banter {

/// Whether it is a minute since this was asked for the same on this thread. where: one of a few
/// that the program knows.
[[nodiscard]] bool is_news(std::string_view where, Errc code);

}  // namespace banter
