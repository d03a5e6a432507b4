#include "api/wire/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <cstdint>
#include <string>

namespace banter::api::wire {

namespace {

namespace json = boost::json;
using Code = json::error_code;

/// Builds the value, and notes what Boost.JSON itself lets pass: members that stand twice, and
/// U+0000.
struct Builder {
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    explicit Builder(json::storage_ptr memory)
        : stack(json::storage_ptr(), scratch, sizeof scratch) {
        stack.reset(std::move(memory));
    }

    void note(json::string_view part) { has_nul |= part.find('\0') != json::string_view::npos; }

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return true; }
    bool on_array_begin(Code&) { return true; }
    bool on_object_end(std::size_t count, Code&) {
        members += count;
        stack.push_object(count);
        return true;
    }
    bool on_array_end(std::size_t count, Code&) {
        stack.push_array(count);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, Code&) {
        note(part);
        stack.push_chars(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t, Code&) {
        note(part);
        stack.push_key(part);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, Code&) {
        note(part);
        stack.push_chars(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t, Code&) {
        note(part);
        stack.push_string(part);
        return true;
    }
    bool on_number_part(json::string_view, Code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, Code&) {
        stack.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, Code&) {
        stack.push_uint64(number);
        return true;
    }
    bool on_double(double number, json::string_view, Code&) {
        stack.push_double(number);
        return true;
    }
    bool on_bool(bool value, Code&) {
        stack.push_bool(value);
        return true;
    }
    bool on_null(Code&) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, Code&) { return true; }
    bool on_comment(json::string_view, Code&) { return true; }

    unsigned char scratch[2048];
    json::value_stack stack;
    std::size_t members = 0;
    bool has_nul = false;
};

std::size_t members_in(const json::value& value) {
    std::size_t count = 0;
    if (const auto* object = value.if_object()) {
        count = object->size();
        for (const auto& member : *object) count += members_in(member.value());
    } else if (const auto* array = value.if_array()) {
        for (const auto& element : *array) count += members_in(element);
    }
    return count;
}

int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/// The code unit of the escape `\uXXXX` at `at`, or -1.
int escaped_unit(std::string_view text, std::size_t at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    for (const char digit : text.substr(at + 2, 4)) {
        const int value = digit_value(digit);
        if (value < 0) return -1;
        unit = unit * 16 + value;
    }
    return unit;
}

bool leads(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool trails(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// The text with U+FFFD in place of each half of a surrogate pair, so that the rest of it can be
/// read. Nothing if there is none.
std::optional<std::string> without_half_pairs(std::string_view text) {
    std::optional<std::string> mended;
    for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
        const int unit = escaped_unit(text, at);
        if (unit < 0) {
            at += 2;
        } else if (leads(unit) && trails(escaped_unit(text, at + 6))) {
            at += 12;
        } else {
            if (leads(unit) || trails(unit)) {
                if (!mended) mended.emplace(text);
                mended->replace(at, 6, "\\ufffd");
            }
            at += 6;
        }
    }
    return mended;
}

Error refusal(const char* detail) { return Error{Errc::bad_request, detail, {}}; }

}  // namespace

Json::Json(std::string_view text) : memory_(room_.data(), room_.size()) {
    if (read(text)) return;
    const auto mended = without_half_pairs(text);
    if (mended && read(*mended)) {
        refused_ = refusal("a text holds half of a surrogate pair");
    } else {
        refused_ = refusal("the text is no JSON");
    }
}

bool Json::read(std::string_view text) {
    json::parse_options options;
    options.max_depth = 32;
    json::basic_parser<Builder> parser(options, json::storage_ptr(&memory_));
    Code failure;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), failure);
    if (failure || used != text.size()) return false;
    value_.emplace(parser.handler().stack.release());
    if (parser.handler().has_nul) refused_ = refusal("a text holds U+0000");
    if (members_in(*value_) != parser.handler().members)
        refused_ = refusal("a member stands twice");
    return true;
}

}  // namespace banter::api::wire
