#include "model/file_name.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace banter::model {

namespace {

/// An ending that is longer than this is none.
constexpr std::size_t ending_bytes_max = 16;

unsigned char byte_at(std::string_view text, std::size_t index) {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0;
}

/// How many bytes at the start of `text` are one character that has no place in a file's name; 0 if
/// it begins with another. UTF-8.
std::size_t unwanted_bytes(std::string_view text) {
    const unsigned char first = byte_at(text, 0);
    const unsigned char second = byte_at(text, 1);
    const unsigned char third = byte_at(text, 2);
    if (first < 0x20 || first == 0x7f || first == '/' || first == '\\') return 1;
    // U+0080 to U+009F, U+061C
    if (first == 0xc2 && second >= 0x80 && second <= 0x9f) return 2;
    if (first == 0xd8 && second == 0x9c) return 2;
    // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069; the joiners before them shape letters
    if (first == 0xe2 && second == 0x80 && (third == 0x8e || third == 0x8f)) return 3;
    if (first == 0xe2 && second == 0x80 && third >= 0xa8 && third <= 0xae) return 3;
    if (first == 0xe2 && second == 0x81 && third >= 0xa6 && third <= 0xa9) return 3;
    return 0;
}

}  // namespace

std::string harmless_name(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const std::size_t unwanted = unwanted_bytes(name);
        out += unwanted > 0 ? '_' : name.front();
        name.remove_prefix(std::max<std::size_t>(unwanted, 1));
    }
    const bool only_dots = out.find_first_not_of(". ") == std::string::npos;
    return only_dots ? "file" : out;
}

std::string file_name(std::string_view claimed) {
    if (!is_storable_text(claimed)) return "file";
    const std::size_t slash = claimed.find_last_of("/\\");
    if (slash != std::string_view::npos) claimed.remove_prefix(slash + 1);
    std::string name = harmless_name(claimed);
    if (name.size() <= limits::file_name_bytes_max) return name;
    std::string ending;
    const std::size_t dot = name.rfind('.');
    if (dot != std::string::npos && name.size() - dot <= ending_bytes_max)
        ending = name.substr(dot);
    cut(name, limits::file_name_bytes_max - ending.size());
    return name + ending;
}

}  // namespace banter::model
