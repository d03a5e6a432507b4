#include "storage/cdn/disposition.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

namespace banter::cdn {

namespace {

/// Those of the safe list of Matrix' MSC2702 that aren't text or data.
constexpr std::array<std::string_view, 21> shown_types = {
    "audio/aac",  "audio/flac",      "audio/mp4",    "audio/mpeg",     "audio/ogg",   "audio/wav",
    "audio/wave", "audio/webm",      "audio/x-flac", "audio/x-pn-wav", "audio/x-wav", "image/apng",
    "image/avif", "image/gif",       "image/jpeg",   "image/png",      "image/webp",  "video/mp4",
    "video/ogg",  "video/quicktime", "video/webm"};

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

std::string cleaned(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const std::size_t unwanted = unwanted_bytes(name);
        out += unwanted > 0 ? '_' : name.front();
        name.remove_prefix(std::max<std::size_t>(unwanted, 1));
    }
    const bool only_dots = out.find_first_not_of(". ") == std::string::npos;
    return only_dots ? "file" : out;
}

/// In a quoted string nothing of this is taken for anything else; `%` would be, by some browsers.
bool is_plain(char letter) {
    constexpr std::string_view marks = " !#$&()+,-.=@[]^_`{}~";
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || marks.find(letter) != std::string_view::npos;
}

/// For clients that don't know filename*: one `_` for each character.
std::string ascii_of(std::string_view name) {
    std::string out;
    for (const char letter : name) {
        const bool continues = (static_cast<unsigned char>(letter) & 0xc0) == 0x80;
        if (!continues) out += is_plain(letter) ? letter : '_';
    }
    return out;
}

}  // namespace

bool may_be_shown(std::string_view media_type) {
    return std::find(shown_types.begin(), shown_types.end(), media_type) != shown_types.end();
}

std::string content_disposition(std::string_view name, bool shown) {
    const std::string clean = cleaned(name);
    const std::string ascii = ascii_of(clean);
    std::string out = shown ? "inline" : "attachment";
    out += "; filename=\"" + ascii + "\"";
    // RFC 8187 3.2
    if (ascii != clean) out += "; filename*=UTF-8''" + percent_encoded(clean);
    return out;
}

}  // namespace banter::cdn
