#include "net/http/disposition.hpp"

#include "net/http/characters.hpp"
#include "net/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace banter::net::http {

namespace {

constexpr std::size_t name_bytes_max = 255;   // NAME_MAX of every common file system
constexpr std::size_t ending_bytes_max = 16;  // longer ones are no endings that mean something

/// One code point, or one byte that is part of none.
struct Character {
    std::string_view bytes;
    char32_t code = 0;
    bool valid = false;
};

Character take_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    std::size_t size = 1;
    if (first >= 0xc0) size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    Character taken;
    taken.bytes = text.substr(0, size);
    taken.valid = taken.bytes.size() == size && is_valid_utf8(taken.bytes);
    if (!taken.valid) taken.bytes = text.substr(0, 1);
    text.remove_prefix(taken.bytes.size());
    if (!taken.valid) return taken;
    taken.code = size == 1 ? first : first & (0xffU >> (size + 1));
    for (const char c : taken.bytes.substr(1))
        taken.code = taken.code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
    return taken;
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

/// Marks, embeddings, overrides and isolates of bidirectional text, the separators of lines and
/// paragraphs, and the byte order mark.
bool is_misleading(char32_t code) {
    return code == 0x61c || code == 0x200e || code == 0x200f || code == 0xfeff ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

std::string_view without_outer_dots(std::string_view name) {
    const auto begin = name.find_first_not_of(". ");
    if (begin == std::string_view::npos) return {};
    return name.substr(begin, name.find_last_not_of(". ") - begin + 1);
}

/// The longest beginning of `text` with at most `bytes` that ends between two characters.
std::string_view cut(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0U) == 0x80) --bytes;
    return text.substr(0, bytes);
}

std::string shortened(std::string_view name) {
    if (name.size() <= name_bytes_max) return std::string(name);
    const std::size_t dot = name.rfind('.');
    const bool has_ending =
        dot != std::string_view::npos && dot > 0 && name.size() - dot <= ending_bytes_max;
    const std::string_view ending = has_ending ? name.substr(dot) : std::string_view{};
    const std::string_view stem =
        cut(name.substr(0, name.size() - ending.size()), name_bytes_max - ending.size());
    std::string out(without_outer_dots(stem));
    out += ending;
    return out;
}

/// In a quoted-string nothing needs an escape, which browsers read differently, and no "%41", which
/// some decode (RFC 6266 appendix D).
std::string as_ascii(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const Character taken = take_character(name);
        const bool kept = taken.code >= 0x20 && taken.code < 0x7f && taken.code != '"' &&
                          taken.code != '\\' && taken.code != '%';
        out += kept ? static_cast<char>(taken.code) : '_';
    }
    return out;
}

/// RFC 8187 3.2.1: what is no attr-char is percent-encoded.
std::string percent_encoded(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool plain = is_digit(c) || is_letter(c) ||
                           std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
        if (plain) {
            out += c;
        } else {
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

}  // namespace

std::string plain_file_name(std::string_view name) {
    name.remove_prefix(name.find_last_of("/\\") + 1);  // npos + 1 is 0
    std::string clean;
    while (!name.empty()) {
        const Character taken = take_character(name);
        if (taken.valid && is_misleading(taken.code)) continue;
        if (!taken.valid || is_control(taken.code)) {
            clean += '_';
        } else {
            clean += taken.bytes;
        }
    }
    std::string plain = shortened(without_outer_dots(clean));
    return plain.empty() ? "file" : plain;
}

std::string content_disposition(Disposition disposition, std::string_view name) {
    const std::string plain = plain_file_name(name);
    const std::string ascii = as_ascii(plain);
    std::string out = disposition == Disposition::inline_ ? "inline" : "attachment";
    out += "; filename=\"" + ascii + "\"";
    if (ascii != plain) out += "; filename*=UTF-8''" + percent_encoded(plain);
    return out;
}

}  // namespace banter::net::http
