#include "service/file_types.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace banter::service {

namespace {

constexpr std::array<std::string_view, 11> picture_types = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/heic-sequence",
    "image/heif-sequence",
    "image/tiff",
    "image/apng"};

constexpr std::array<std::string_view, 14> picture_endings = {
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".avif",
    ".heic",
    ".heif",
    ".heics",
    ".heifs",
    ".tif",
    ".tiff",
    ".apng",
    ".jfif"};

bool fits(std::string_view pattern, std::string_view media_type) {
    if (!pattern.ends_with("/*")) return pattern == media_type;
    pattern.remove_suffix(1);
    return media_type.starts_with(pattern);
}

bool fits_any(const std::vector<std::string>& patterns, std::string_view media_type) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return fits(pattern, media_type);
    });
}

}  // namespace

std::optional<Error> refused_type(const FileTypeRules& rules, std::string_view media_type) {
    const bool taken = rules.allowed.empty() || fits_any(rules.allowed, media_type);
    if (taken && !fits_any(rules.denied, media_type)) return std::nullopt;
    return Error{
        Errc::unsupported_media,
        "files of type " + std::string(media_type) + " are not taken here"};
}

bool is_picture(std::string_view media_type) {
    return std::find(picture_types.begin(), picture_types.end(), media_type) != picture_types.end();
}

bool claims_picture(std::string_view name, std::string_view claimed_type) {
    const std::string type = lower_case(claimed_type.substr(0, claimed_type.find_first_of("; \t")));
    if (is_picture(type)) return true;
    const std::string named = lower_case(name);
    return std::any_of(
        picture_endings.begin(),
        picture_endings.end(),
        [&](std::string_view ending) { return named.ends_with(ending); }
    );
}

}  // namespace banter::service
