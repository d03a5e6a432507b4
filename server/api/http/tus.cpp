#include "api/http/tus.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace banter::api::http::tus {

namespace {

/// Of canonical base64 (RFC 4648 4), with its padding; nothing for anything else.
std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string url(text);
    const std::size_t end = url.find_last_not_of('=');
    if (text.size() - (end + 1) > 2 && !text.empty()) return std::nullopt;
    url.resize(end == std::string::npos ? 0 : end + 1);
    if (url.find_first_of("-_") != std::string::npos) return std::nullopt;
    std::replace(url.begin(), url.end(), '+', '-');
    std::replace(url.begin(), url.end(), '/', '_');
    return from_base64url(url);
}

Error malformed() {
    return {Errc::bad_request, "Upload-Metadata has to be pairs of a key and a base64 value", {}};
}

}  // namespace

std::optional<std::uint64_t> number_of(const std::string* header) {
    constexpr std::size_t digits_max = 18;
    if (header == nullptr || header->empty() || header->size() > digits_max) return std::nullopt;
    std::uint64_t number = 0;
    for (const char digit : *header) {
        if (digit < '0' || digit > '9') return std::nullopt;
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return number;
}

Result<Metadata> metadata_of(const std::string* header) {
    Metadata metadata;
    if (header == nullptr) return metadata;
    std::string_view rest(*header);
    std::set<std::string_view> keys;
    while (!rest.empty()) {
        std::string_view pair = trimmed(take_until(rest, ','));
        const std::string_view key = take_until(pair, ' ');
        auto value = from_base64(trimmed(pair));
        if (key.empty() || !value || !keys.insert(key).second) return malformed();
        if (key == "filename" || (key == "name" && metadata.name.empty())) {
            metadata.name = std::move(*value);
        } else if (key == "filetype" || (key == "type" && metadata.media_type.empty())) {
            metadata.media_type = std::move(*value);
        }
    }
    return metadata;
}

}  // namespace banter::api::http::tus
