#include "net/http/range.hpp"

#include "base/check.hpp"
#include "net/http/characters.hpp"
#include "net/http/headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace banter::net::http {

namespace {

constexpr std::uint64_t number_max = std::numeric_limits<std::uint64_t>::max();

/// Digits, one at least; what is too large for 64 bits is as large as they hold.
std::optional<std::uint64_t> parse_number(std::string_view digits) {
    if (digits.empty()) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : digits) {
        if (!is_digit(c)) return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        const bool fits = number <= (number_max - digit) / 10;
        number = fits ? number * 10 + digit : number_max;
    }
    return number;
}

/// One range as it stands: the first byte and the last, or a suffix.
struct Asked {
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> last;  // without `first`: how many at the end
};

std::optional<Asked> parse_range(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    Asked asked;
    if (dash > 0) {
        asked.first = parse_number(text.substr(0, dash));
        if (!asked.first) return std::nullopt;
    }
    if (dash + 1 < text.size()) {
        asked.last = parse_number(text.substr(dash + 1));
        if (!asked.last) return std::nullopt;
    }
    if (!asked.first && !asked.last) return std::nullopt;
    if (asked.first && asked.last && *asked.last < *asked.first) return std::nullopt;
    return asked;
}

/// The single range of the header; nothing if it is to be left aside.
std::optional<Asked> parse_ranges(const Headers& headers) {
    const auto lines = headers.find_all("Range");
    if (lines.size() != 1) return std::nullopt;
    const std::size_t equals = lines[0].find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    if (!equals_ignoring_case(lines[0].substr(0, equals), "bytes")) return std::nullopt;
    std::size_t count = 0;
    std::string_view only;
    for_each_element(lines[0].substr(equals + 1), [&](std::string_view element) {
        ++count;
        only = element;
    });
    if (count != 1) return std::nullopt;
    return parse_range(only);
}

/// Takes an entity tag off `text` and returns it without a W/; nothing if there is none.
std::optional<std::string_view> take_opaque_tag(std::string_view& text) {
    if (text.starts_with("W/")) text.remove_prefix(2);
    if (text.empty() || text.front() != '"') return std::nullopt;
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view tag = text.substr(0, end + 1);
    const bool valid = std::all_of(tag.begin(), tag.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7f;
    });
    if (!valid) return std::nullopt;
    text.remove_prefix(end + 1);
    return tag;
}

/// Whether `etag` is among the tags of one line, by the weak comparison; nothing if it is
/// malformed.
std::optional<bool> names_tag(std::string_view line, std::string_view etag) {
    bool found = false;
    for (;;) {
        line = without_outer_space(line);
        if (line.empty()) return found;
        if (line.front() != ',') {
            const auto tag = take_opaque_tag(line);
            if (!tag) return std::nullopt;
            found = found || *tag == etag;
            line = without_outer_space(line);
            if (line.empty()) return found;
            if (line.front() != ',') return std::nullopt;
        }
        line.remove_prefix(1);
    }
}

bool is_had_already(const Headers& headers, std::string_view etag) {
    const auto lines = headers.find_all("If-None-Match");
    if (lines.size() == 1 && lines[0] == "*") return true;
    bool found = false;
    for (const std::string_view line : lines) {
        const auto named = names_tag(line, etag);
        if (!named) return false;
        found = found || *named;
    }
    return found;
}

/// Whether a Range may be answered with a part.
bool range_counts(const Headers& headers, std::string_view etag) {
    const auto lines = headers.find_all("If-Range");
    if (lines.empty()) return true;
    return lines.size() == 1 && lines[0] == etag;
}

Selection whole(std::uint64_t size) { return {200, 0, size, {}}; }

}  // namespace

Selection select_range(const Request& request, const Representation& representation) {
    const auto [size, etag] = representation;
    CHECK(etag.size() >= 2 && etag.front() == '"' && etag.back() == '"');
    const bool gets = request.method == "GET";
    if (!gets && request.method != "HEAD") return whole(size);
    if (is_had_already(request.headers, etag)) return {304, 0, 0, {}};
    if (!gets || !range_counts(request.headers, etag)) return whole(size);
    const auto asked = parse_ranges(request.headers);
    if (!asked) return whole(size);
    std::uint64_t first = 0;
    std::uint64_t end = size;
    if (asked->first) {
        first = *asked->first;
        if (asked->last && *asked->last < size) end = *asked->last + 1;
    } else {
        // The end of nothing is nothing, which no Content-Range can say.
        if (size == 0 && *asked->last > 0) return whole(size);
        first = size - std::min(size, *asked->last);
    }
    if (first >= size) return {416, 0, 0, fmt::format("bytes */{}", size)};
    return {206, first, end - first, fmt::format("bytes {}-{}/{}", first, end - 1, size)};
}

}  // namespace banter::net::http
