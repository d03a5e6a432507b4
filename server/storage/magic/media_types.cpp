#include "storage/magic/media_types.hpp"

#include "base/result.hpp"
#include "base/text.hpp"

#include <magic.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace banter::magic {

namespace {

constexpr std::string_view unknown = "application/octet-stream";

/// Names of the library for which browsers know another.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> renamed = {{
    {"application/x-empty", unknown},
    {"inode/x-empty", unknown},
    {"audio/x-m4a", "audio/mp4"},
    {"video/x-m4v", "video/mp4"},
    {"image/x-ms-bmp", "image/bmp"},
    {"image/heif", "image/heic"},
    {"text/xml", "application/xml"},
    {"application/x-wine-extension-ini", "text/plain"},
}};

struct Close {
    void operator()(magic_set* library) const { magic_close(library); }
};

using Library = std::unique_ptr<magic_set, Close>;

/// How much of a text is searched for what kind it is. The library's patterns for texts take time
/// with the square of this: half a second for 64 KiB of line ends.
constexpr std::size_t text_bytes_max = 2 * 1024;

constexpr int common_flags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF;
/// JSON and CSV among them: those are read once, from front to back.
constexpr int binary_flags = common_flags | MAGIC_NO_CHECK_TEXT | MAGIC_NO_CHECK_TOKENS;
constexpr int text_flags = common_flags | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF |
                           MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_TOKENS;

Library open_library(int flags) {
    Library library(magic_open(flags));
    if (library != nullptr && magic_load(library.get(), nullptr) == 0) return library;
    throw StorageFailure(
        Errc::storage_unavailable, "libmagic can't read its database; install libmagic-mgc"
    );
}

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), is_letter);
}

std::string type_of(const char* found) {
    if (found == nullptr) return std::string(unknown);
    std::string type = lower_case(found);
    const std::size_t slash = type.find('/');
    const bool whole = slash != std::string::npos && is_name(type.substr(0, slash)) &&
                       is_name(type.substr(slash + 1));
    if (!whole) return std::string(unknown);
    for (const auto& [name, better] : renamed) {
        if (type == name) return std::string(better);
    }
    return type;
}

/// Whether it may be text in ASCII, UTF-8 or another superset of ASCII: no controls but those that
/// texts have.
bool is_text(std::string_view bytes) {
    return std::none_of(bytes.begin(), bytes.end(), [](char byte) {
        const bool control = (byte >= 0 && byte < ' ') || byte == '\x7f';
        const bool of_texts = (byte >= '\a' && byte <= '\r') || byte == '\x1b';
        return control && !of_texts;
    });
}

bool is_utf16(std::string_view bytes) {
    return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
}

/// The beginning of a text with every run of white space as one: what kind it is doesn't hang on
/// them, and how long looking takes does.
std::string condensed(std::string_view text) {
    std::string out;
    bool pending_space = false;
    bool pending_line = false;
    for (const char letter : text) {
        if (out.size() >= text_bytes_max) break;
        const bool line = letter == '\n' || letter == '\r';
        if (line || letter == ' ' || letter == '\t' || letter == '\f' || letter == '\v') {
            pending_space = true;
            pending_line = pending_line || line;
            continue;
        }
        if (pending_space && !out.empty()) out += pending_line ? '\n' : ' ';
        pending_space = pending_line = false;
        out += letter;
    }
    return out;
}

std::string look(magic_set* library, std::string_view bytes) {
    return type_of(magic_buffer(library, bytes.data(), bytes.size()));
}

std::string detect_text(std::string_view head) {
    thread_local const Library library = open_library(text_flags);
    const bool wide = is_utf16(head);
    const std::string text = wide ? std::string(head.substr(0, text_bytes_max)) : condensed(head);
    std::string type = look(library.get(), text);
    return type == unknown && !wide ? "text/plain" : type;
}

std::string detect_now(std::string_view head) {
    // The library may be used by one at a time.
    thread_local const Library library = open_library(binary_flags);
    std::string type = look(library.get(), head);
    const bool text = !head.empty() && (is_utf16(head) || is_text(head));
    return type == unknown && text ? detect_text(head) : type;
}

}  // namespace

Task<std::string> MagicMediaTypes::detect(std::string head) {
    auto work = [head = std::move(head)] { return detect_now(head); };
    co_return co_await offload_.run(std::move(work));
}

}  // namespace banter::magic
