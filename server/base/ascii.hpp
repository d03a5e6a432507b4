// What a letter of ASCII is, whatever the locale.
#pragma once

namespace banter {

[[nodiscard]] constexpr bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

[[nodiscard]] constexpr bool is_letter_or_digit(char letter) {
    const char lower = static_cast<char>(letter | 0x20);
    return (lower >= 'a' && lower <= 'z') || is_digit(letter);
}

}  // namespace banter
