#include "storage/magic/media_types.hpp"

#include "base/result.hpp"

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

Library open_library() {
    Library library(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF));
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
    std::string type(found);
    for (char& letter : type) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    const std::size_t slash = type.find('/');
    const bool whole = slash != std::string::npos && is_name(type.substr(0, slash)) &&
                       is_name(type.substr(slash + 1));
    if (!whole) return std::string(unknown);
    for (const auto& [name, better] : renamed) {
        if (type == name) return std::string(better);
    }
    return type;
}

std::string detect_now(const std::string& head) {
    // The library may be used by one at a time.
    thread_local const Library library = open_library();
    return type_of(magic_buffer(library.get(), head.data(), head.size()));
}

}  // namespace

Task<std::string> MagicMediaTypes::detect(std::string head) {
    auto work = [head = std::move(head)] { return detect_now(head); };
    co_return co_await offload_.run(std::move(work));
}

}  // namespace banter::magic
