// UTF-8 letter by letter.
#pragma once

#include <cstdint>
#include <string_view>

namespace banter::model {

/// Of one well-formed sequence (RFC 3629 3): what its bytes stand for.
[[nodiscard]] inline char32_t code_point_of(std::string_view sequence) {
    const auto lead = static_cast<std::uint8_t>(sequence.front());
    if (sequence.size() == 1) return lead;
    char32_t code_point = lead & (0x7FU >> sequence.size());
    for (const char next : sequence.substr(1))
        code_point = (code_point << 6) | (static_cast<std::uint8_t>(next) & 0x3FU);
    return code_point;
}

}  // namespace banter::model
