// CHECK(condition): a programmer's mistake stops the process, in every build.
#pragma once

#include <string_view>

namespace banter {

/// Prints the failed condition and its place to standard error and aborts.
[[noreturn]] void check_failed(
    std::string_view condition,
    const char* file,
    int line,
    std::string_view detail = {}
);

}  // namespace banter

#define CHECK(condition)                                 \
    (static_cast<bool>(condition) ? static_cast<void>(0) \
                                  : ::banter::check_failed(#condition, __FILE__, __LINE__))
