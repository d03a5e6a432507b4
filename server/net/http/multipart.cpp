#include "net/http/multipart.hpp"

#include "base/check.hpp"
#include "net/http/characters.hpp"
#include "net/http/headers.hpp"
#include "net/http/parameters.hpp"
#include "net/http/part_head.hpp"

#include <algorithm>
#include <utility>

namespace banter::net::http {

namespace {

constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046 5.1.1

bool is_boundary(std::string_view text) {
    if (text.empty() || text.size() > boundary_bytes_max || text.back() == ' ') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || is_letter(c) ||
               std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
    });
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    const std::size_t end = std::min(content_type.find(';'), content_type.size());
    const std::string_view type = without_outer_space(content_type.substr(0, end));
    if (!equals_ignoring_case(type, "multipart/form-data")) return std::nullopt;
    content_type.remove_prefix(end);
    std::optional<std::string> boundary;
    Parameter parameter;
    for (;;) {
        switch (take_parameter(content_type, parameter)) {
            case NextParameter::malformed: return std::nullopt;
            case NextParameter::end: return boundary;
            case NextParameter::there: break;
        }
        if (parameter.name != "boundary") continue;
        if (boundary || !is_boundary(parameter.value)) return std::nullopt;
        boundary = std::move(parameter.value);
    }
}

MultipartParser::MultipartParser(std::string_view boundary, const Limits& limits)
    : parts_left_(limits.multipart_parts_max),
      head_bytes_max_(limits.multipart_head_bytes_max),
      delimiter_("\r\n--" + std::string(boundary)) {
    CHECK(is_boundary(boundary));
}

bool MultipartParser::complete() const { return stage_ == Stage::epilogue && matched_ != 1; }

MultipartParser::Event MultipartParser::next(std::string_view& input) {
    if (stage_ == Stage::finish) {
        stage_ = Stage::epilogue;
        return MultipartEnd{};
    }
    while (!input.empty()) {
        const Stage before = stage_;
        Event event = NeedMore{};
        switch (stage_) {
            case Stage::opening: event = read_opening(input); break;
            case Stage::body: event = read_body(input); break;
            case Stage::separator: event = read_separator(input); break;
            case Stage::head: event = read_head(input); break;
            case Stage::finish: return next(input);
            case Stage::epilogue: event = read_epilogue(input); break;
            case Stage::failed: return fault_;
        }
        // A stage that has done its part without anything to tell makes way for the next.
        if (!std::holds_alternative<NeedMore>(event) || stage_ == before) return event;
    }
    if (stage_ == Stage::finish) return next(input);
    if (stage_ == Stage::failed) return fault_;
    return NeedMore{};
}

MultipartParser::Event MultipartParser::fail(MultipartFault fault) {
    stage_ = Stage::failed;
    fault_ = fault;
    return fault;
}

/// Goes on comparing. True: the delimiter is complete.
bool MultipartParser::match_delimiter(std::string_view& input) {
    const std::size_t most = std::min(input.size(), delimiter_.size() - matched_);
    std::size_t equal = 0;
    while (equal < most && input[equal] == delimiter_[matched_ + equal]) ++equal;
    input.remove_prefix(equal);
    matched_ += equal;
    return matched_ == delimiter_.size();
}

MultipartParser::Event MultipartParser::read_opening(std::string_view& input) {
    if (match_delimiter(input)) {
        matched_ = 0;
        stage_ = Stage::separator;
    } else if (!input.empty()) {
        return fail({"the body does not begin with its boundary"});
    }
    return NeedMore{};
}

MultipartParser::Event MultipartParser::read_body(std::string_view& input) {
    if (matched_ == 0) {
        // All before the place where the delimiter stands, or may have begun.
        std::size_t place = input.find('\r');
        while (place != std::string_view::npos) {
            if (std::string_view(delimiter_).starts_with(input.substr(place, delimiter_.size())))
                break;
            place = input.find('\r', place + 1);
        }
        const std::string_view bytes = input.substr(0, place);
        if (!bytes.empty()) {
            input.remove_prefix(bytes.size());
            return PartBytes{bytes};
        }
    }
    if (match_delimiter(input)) {
        matched_ = 0;
        stage_ = Stage::separator;
        return NeedMore{};
    }
    if (input.empty()) return NeedMore{};
    // It only looked like one. What was held back is the delimiter's own beginning, and since no
    // boundary holds a CR, no other delimiter begins in it.
    const std::string_view held = std::string_view(delimiter_).substr(0, matched_);
    matched_ = 0;
    return PartBytes{held};
}

/// CRLF: a part follows; "--": that was the last.
MultipartParser::Event MultipartParser::read_separator(std::string_view& input) {
    const char byte = input.front();
    input.remove_prefix(1);
    if (separator_ == 0) {
        if (byte != '\r' && byte != '-') return fail({"a boundary is not ended by CRLF or --"});
        separator_ = byte;
        if (input.empty()) return NeedMore{};
        return read_separator(input);
    }
    const bool last = std::exchange(separator_, '\0') == '-';
    if (byte != (last ? '-' : '\n')) return fail({"a boundary is not ended by CRLF or --"});
    if (!last && parts_left_-- == 0) return fail({"there are too many parts", true});
    stage_ = last ? Stage::finish : Stage::head;
    if (std::exchange(in_part_, false)) return PartEnd{};
    return NeedMore{};
}

MultipartParser::Event MultipartParser::read_head(std::string_view& input) {
    while (!input.empty()) {
        const char byte = input.front();
        const bool after_cr = !head_.empty() && head_.back() == '\r';
        if (after_cr != (byte == '\n')) {
            return fail({"a line of a part's head ends in something else than CRLF"});
        }
        if (head_.size() == head_bytes_max_) return fail({"a part's head is too large", true});
        head_ += byte;
        input.remove_prefix(1);
        if (head_ != "\r\n" && !head_.ends_with("\r\n\r\n")) continue;
        auto parsed = parse_part_head(std::string_view(head_).substr(0, head_.size() - 2));
        head_.clear();
        if (const auto* fault = std::get_if<MultipartFault>(&parsed)) return fail(*fault);
        stage_ = Stage::body;
        in_part_ = true;
        // A part without a body ends with the CRLF that ends its head's empty line, and its own.
        return std::get<PartHead>(std::move(parsed));
    }
    return NeedMore{};
}

MultipartParser::Event MultipartParser::read_epilogue(std::string_view& input) {
    constexpr std::string_view line_end = "\r\n";
    while (!input.empty()) {
        if (matched_ == line_end.size() || input.front() != line_end[matched_]) {
            return fail({"something follows the final boundary"});
        }
        ++matched_;
        input.remove_prefix(1);
    }
    return NeedMore{};
}

}  // namespace banter::net::http
