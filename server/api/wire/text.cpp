#include "api/wire/text.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace banter::api::wire {

namespace {

/// For each byte: 0 if it stands as it is, `u` if it is written \u00XX, else the letter after the
/// backslash.
constexpr std::array<char, 256> make_escapes() {
    std::array<char, 256> escapes{};
    for (std::size_t byte = 0; byte < 0x20; ++byte) escapes[byte] = 'u';
    escapes['\b'] = 'b';
    escapes['\t'] = 't';
    escapes['\n'] = 'n';
    escapes['\f'] = 'f';
    escapes['\r'] = 'r';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
}

constexpr std::array<char, 256> escapes = make_escapes();
constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr std::uint64_t each_byte(std::uint64_t value) { return value * 0x0101010101010101; }

/// Whether any of eight bytes is `"`, `\` or below 0x20.
bool any_escape(std::uint64_t eight) {
    const auto has_zero = [](std::uint64_t bytes) { return (bytes - each_byte(1)) & ~bytes; };
    const std::uint64_t found = has_zero(eight ^ each_byte('"')) |
                                has_zero(eight ^ each_byte('\\')) |
                                ((eight - each_byte(0x20)) & ~eight);
    return (found & each_byte(0x80)) != 0;
}

/// How many bytes at the start of `text` stand as they are.
std::size_t plain_size(std::string_view text) {
    std::size_t at = 0;
    for (std::uint64_t eight; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if (any_escape(eight)) break;
    }
    while (at < text.size() && escapes[static_cast<unsigned char>(text[at])] == 0) ++at;
    return at;
}

void append_escaped(std::string& out, char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    out += '\\';
    out += escapes[byte];
    if (escapes[byte] != 'u') return;
    out += "00";
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const std::size_t plain = plain_size(text);
        out.append(text.data(), plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        append_escaped(out, text.front());
        text.remove_prefix(1);
    }
    out += '"';
}

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

}  // namespace banter::api::wire
