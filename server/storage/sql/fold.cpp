#include "storage/sql/fold.hpp"

#include "model/code_point.hpp"

#include <locale.h>

#include <clocale>
#include <cstdint>
#include <cwctype>

namespace banter::sql {

namespace {

/// The C library's Unicode tables, whatever the user's locale. Null where it has none: then ASCII
/// alone.
locale_t unicode() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
}

char32_t lower(char32_t letter) {
    if (letter < 0x80) return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    if (unicode() == nullptr) return letter;
    return static_cast<char32_t>(towlower_l(static_cast<wint_t>(letter), unicode()));
}

std::size_t length_of(std::uint8_t lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xE0) return 2;
    return lead < 0xF0 ? 3 : 4;
}

void append(std::string& out, char32_t letter) {
    const auto tail = [&](unsigned shift) {
        out.push_back(static_cast<char>(0x80U | ((letter >> shift) & 0x3FU)));
    };
    if (letter < 0x80) {
        out.push_back(static_cast<char>(letter));
    } else if (letter < 0x800) {
        out.push_back(static_cast<char>(0xC0U | (letter >> 6)));
        tail(0);
    } else if (letter < 0x10000) {
        out.push_back(static_cast<char>(0xE0U | (letter >> 12)));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xF0U | (letter >> 18)));
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace

std::string folded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = length_of(static_cast<std::uint8_t>(text.front()));
        append(out, lower(model::code_point_of(text.substr(0, length))));
        text.remove_prefix(length < text.size() ? length : text.size());
    }
    return out;
}

}  // namespace banter::sql
