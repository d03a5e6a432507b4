#include "net/http/body.hpp"

#include "net/http/characters.hpp"

#include <algorithm>
#include <charconv>

namespace banter::net::http {

namespace {

/// A line without its CRLF, taken from `input`. `ended` is false if its end has not come yet.
struct Line {
    std::string_view text;
    bool ended = false;
    bool malformed = false;
};

Line take_line(std::string_view& input, std::size_t bytes_max) {
    Line line;
    for (std::size_t i = 0; i < input.size(); ++i) {
        if (i > bytes_max) break;
        if (input[i] == '\n') {
            line.malformed = true;
            return line;
        }
        if (input[i] != '\r') continue;
        if (i + 1 == input.size()) return line;
        if (input[i + 1] != '\n') {
            line.malformed = true;
            return line;
        }
        line.text = input.substr(0, i);
        line.ended = true;
        input.remove_prefix(i + 2);
        return line;
    }
    line.malformed = input.size() > bytes_max;
    return line;
}

/// chunk-size [ ";" anything visible ] (RFC 9112 7.1). Sixteen digits are all of 64 bits.
bool parse_chunk_line(std::string_view line, std::uint64_t& size) {
    const std::string_view digits = line.substr(0, line.find(';'));
    if (digits.empty() || digits.size() > 16) return false;
    const char* const end = digits.data() + digits.size();
    const auto [rest, failure] = std::from_chars(digits.data(), end, size, 16);
    if (failure != std::errc{} || rest != end) return false;
    return std::all_of(line.begin(), line.end(), is_value_character);
}

}  // namespace

BodyReader::BodyReader(Framing framing, std::size_t bytes_max, const Limits& limits)
    : bytes_max_(bytes_max),
      chunk_line_bytes_max_(limits.chunk_line_bytes_max),
      trailer_bytes_left_(limits.trailer_bytes_max),
      chunked_(framing.chunked),
      stage_(framing.chunked ? Stage::chunk_line : Stage::chunk_bytes),
      left_(framing.length) {}

BodyReader::State BodyReader::read(std::string_view& input, std::string& body) {
    for (;;) {
        const Stage before = stage_;
        State state = State::need_more;
        switch (stage_) {
            case Stage::chunk_line: state = read_chunk_line(input); break;
            case Stage::chunk_bytes: state = read_bytes(input, body); break;
            case Stage::chunk_end: state = read_chunk_end(input); break;
            case Stage::trailer_line: state = read_trailer_line(input); break;
            case Stage::done: return State::done;
        }
        if (state != State::done || stage_ == before) return state;
    }
}

// Each step returns `done` when it has moved on to another stage.

/// Whether what was announced goes beyond the limit.
bool BodyReader::exceeds() const { return left_ > bytes_max_ - std::min(bytes_max_, taken_); }

BodyReader::State BodyReader::read_chunk_line(std::string_view& input) {
    const Line line = take_line(input, chunk_line_bytes_max_);
    if (line.malformed) return State::malformed;
    if (!line.ended) return State::need_more;
    if (!parse_chunk_line(line.text, left_)) return State::malformed;
    if (exceeds()) return State::too_large;
    stage_ = left_ == 0 ? Stage::trailer_line : Stage::chunk_bytes;
    return State::done;
}

BodyReader::State BodyReader::read_bytes(std::string_view& input, std::string& body) {
    if (!chunked_ && exceeds()) return State::too_large;
    const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    body.append(input.substr(0, size));
    input.remove_prefix(size);
    left_ -= size;
    taken_ += size;
    if (left_ > 0) return State::need_more;
    stage_ = chunked_ ? Stage::chunk_end : Stage::done;
    return State::done;
}

BodyReader::State BodyReader::read_chunk_end(std::string_view& input) {
    const std::string_view end = input.substr(0, 2);
    if (!std::string_view("\r\n").starts_with(end)) return State::malformed;
    if (end.size() < 2) return State::need_more;
    input.remove_prefix(2);
    stage_ = Stage::chunk_line;
    return State::done;
}

BodyReader::State BodyReader::read_trailer_line(std::string_view& input) {
    for (;;) {
        const Line line = take_line(input, trailer_bytes_left_);
        if (line.malformed) return State::malformed;
        if (!line.ended) return State::need_more;
        if (line.text.empty()) {
            stage_ = Stage::done;
            return State::done;
        }
        const std::size_t colon = line.text.find(':');
        if (colon == std::string_view::npos || !is_token(line.text.substr(0, colon)) ||
            !std::all_of(line.text.begin(), line.text.end(), is_value_character)) {
            return State::malformed;
        }
        trailer_bytes_left_ -= std::min(trailer_bytes_left_, line.text.size() + 2);
    }
}

}  // namespace banter::net::http
