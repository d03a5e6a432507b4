#include "storage/s3/answers.hpp"

#include "base/encoding.hpp"
#include "storage/s3/xml.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace banter::s3 {

namespace {

/// As an answer with encoding-type=url has it; a service that doesn't know that parameter ignores
/// it.
std::optional<std::string> decoded(const XmlElement& root, std::string_view text) {
    if (root.text_of("EncodingType") != "url") return std::string(text);
    return percent_decoded(text);
}

std::optional<XmlElement> parse_root(std::string_view body, std::string_view name) {
    auto root = parse_xml(body);
    if (root && root->name != name) return std::nullopt;
    return root;
}

bool parse_flag(const XmlElement& root, std::string_view name, bool& flag) {
    const std::string_view text = root.text_of(name);
    flag = text == "true";
    return flag || text == "false";
}

std::optional<ListedObject> parse_object(const XmlElement& root, const XmlElement& contents) {
    auto key = decoded(root, contents.text_of("Key"));
    const auto size = parse_number(contents.text_of("Size"));
    const auto written_at = parse_time(contents.text_of("LastModified"));
    if (!key || key->empty() || !size || !written_at) return std::nullopt;
    return ListedObject{std::move(*key), *size, *written_at};
}

std::optional<ListedUpload> parse_upload(const XmlElement& root, const XmlElement& upload) {
    auto key = decoded(root, upload.text_of("Key"));
    std::string id(upload.text_of("UploadId"));
    const auto begun_at = parse_time(upload.text_of("Initiated"));
    if (!key || key->empty() || id.empty() || !begun_at) return std::nullopt;
    return ListedUpload{std::move(*key), std::move(id), *begun_at};
}

/// Digits of a fixed width at the start of `text`, which they are removed from.
bool take_digits(std::string_view& text, std::size_t width, unsigned& value) {
    if (text.size() < width) return false;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + width, value);
    if (failure != std::errc() || end != text.data() + width) return false;
    text.remove_prefix(width);
    return true;
}

bool take(std::string_view& text, char letter) {
    if (!text.starts_with(letter)) return false;
    text.remove_prefix(1);
    return true;
}

/// ".789" in milliseconds; 0 if there is none.
std::optional<unsigned> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return 0;
    unsigned milliseconds = 0;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
        if (digits < 3)
            milliseconds = milliseconds * 10 + static_cast<unsigned>(text.front() - '0');
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) milliseconds *= 10;
    return milliseconds;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

ErrorAnswer parse_error(std::string_view body) {
    const auto root = parse_root(body, "Error");
    if (!root) return {};
    return {
        std::string(root->text_of("Code")),
        std::string(root->text_of("Message")),
        std::string(root->text_of("Region"))};
}

std::optional<ObjectsPage> parse_objects(std::string_view body) {
    const auto root = parse_root(body, "ListBucketResult");
    ObjectsPage page;
    if (!root || !parse_flag(*root, "IsTruncated", page.truncated)) return std::nullopt;
    for (const XmlElement& child : root->children) {
        if (child.name != "Contents") continue;
        auto object = parse_object(*root, child);
        if (!object) return std::nullopt;
        page.objects.push_back(std::move(*object));
    }
    return page;
}

std::optional<UploadsPage> parse_uploads(std::string_view body) {
    const auto root = parse_root(body, "ListMultipartUploadsResult");
    UploadsPage page;
    if (!root || !parse_flag(*root, "IsTruncated", page.truncated)) return std::nullopt;
    const auto next_key = decoded(*root, root->text_of("NextKeyMarker"));
    if (!next_key) return std::nullopt;
    page.next_key = *next_key;
    page.next_id = root->text_of("NextUploadIdMarker");
    for (const XmlElement& child : root->children) {
        if (child.name != "Upload") continue;
        auto upload = parse_upload(*root, child);
        if (!upload) return std::nullopt;
        page.uploads.push_back(std::move(*upload));
    }
    return page;
}

std::optional<PartsPage> parse_parts(std::string_view body) {
    const auto root = parse_root(body, "ListPartsResult");
    PartsPage page;
    if (!root || !parse_flag(*root, "IsTruncated", page.truncated)) return std::nullopt;
    page.next_part = root->text_of("NextPartNumberMarker");
    for (const XmlElement& child : root->children) {
        if (child.name != "Part") continue;
        const auto written_at = parse_time(child.text_of("LastModified"));
        if (!written_at) return std::nullopt;
        page.written_at = std::max(page.written_at.value_or(*written_at), *written_at);
    }
    return page;
}

std::optional<std::string> parse_upload_id(std::string_view body) {
    const auto root = parse_root(body, "InitiateMultipartUploadResult");
    if (!root || root->text_of("UploadId").empty()) return std::nullopt;
    return std::string(root->text_of("UploadId"));
}

bool is_completion(std::string_view body) {
    return parse_root(body, "CompleteMultipartUploadResult").has_value();
}

std::string completion_of(const std::vector<std::string>& etags) {
    std::string body = "<CompleteMultipartUpload>";
    for (std::size_t index = 0; index < etags.size(); ++index) {
        body += "<Part><PartNumber>" + std::to_string(index + 1) + "</PartNumber><ETag>" +
                xml_escaped(etags[index]) + "</ETag></Part>";
    }
    return body + "</CompleteMultipartUpload>";
}

std::optional<Timestamp> parse_time(std::string_view text) {
    unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    const bool has_date = take_digits(text, 4, year) && take(text, '-') &&
                          take_digits(text, 2, month) && take(text, '-') &&
                          take_digits(text, 2, day) && take(text, 'T');
    const bool has_time = has_date && take_digits(text, 2, hour) && take(text, ':') &&
                          take_digits(text, 2, minute) && take(text, ':') &&
                          take_digits(text, 2, second);
    if (!has_time || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const auto milliseconds = take_fraction(text);
    const std::chrono::year_month_day date{
        std::chrono::year(static_cast<int>(year)),
        std::chrono::month(month),
        std::chrono::day(day)};
    if (!milliseconds || text != "Z" || !date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second) + std::chrono::milliseconds(*milliseconds);
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
    constexpr std::string_view unit = "bytes ";
    if (!text.starts_with(unit)) return std::nullopt;
    text.remove_prefix(unit.size());
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || dash > slash) {
        return std::nullopt;
    }
    const auto first = parse_number(text.substr(0, dash));
    const auto last = parse_number(text.substr(dash + 1, slash - dash - 1));
    const auto size = parse_number(text.substr(slash + 1));
    if (!first || !last || !size || *first > *last || *last >= *size) return std::nullopt;
    return ContentRange{*first, *last, *size};
}

}  // namespace banter::s3
