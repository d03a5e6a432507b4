#include "storage/cdn/disposition.hpp"

#include "base/encoding.hpp"
#include "model/file_name.hpp"

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

/// What is saved, and known not to run.
constexpr std::array<std::string_view, 9> saved_types = {
    "application/gzip",
    "application/json",
    "application/msword",
    "application/pdf",
    "application/rtf",
    "application/x-7z-compressed",
    "application/zip",
    "text/csv",
    "text/plain"};

/// Whole families; what is written in XML may hold a script.
constexpr std::array<std::string_view, 5> saved_families =
    {"application/vnd.", "audio/", "font/", "image/", "video/"};

bool is_saved_as_itself(std::string_view media_type) {
    if (std::find(saved_types.begin(), saved_types.end(), media_type) != saved_types.end()) {
        return true;
    }
    const bool known =
        std::any_of(saved_families.begin(), saved_families.end(), [&](std::string_view family) {
            return media_type.starts_with(family);
        });
    return known && !is_textual(media_type);
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

std::string served_type(std::string_view media_type) {
    const bool harmless = may_be_shown(media_type) || is_saved_as_itself(media_type);
    return std::string(harmless ? media_type : "application/octet-stream");
}

bool is_textual(std::string_view media_type) {
    if (media_type.starts_with("text/")) return true;
    // Those of office documents are archives, though their names have XML in them.
    if (media_type.find("openxml") != std::string_view::npos) return false;
    for (const std::string_view word : {"json", "xml", "javascript"}) {
        if (media_type.find(word) != std::string_view::npos) return true;
    }
    return false;
}

std::string content_disposition(std::string_view name, bool shown) {
    const std::string clean = model::harmless_name(name);
    const std::string ascii = ascii_of(clean);
    std::string out = shown ? "inline" : "attachment";
    out += "; filename=\"" + ascii + "\"";
    // RFC 8187 3.2
    if (ascii != clean) out += "; filename*=UTF-8''" + percent_encoded(clean);
    return out;
}

}  // namespace banter::cdn
