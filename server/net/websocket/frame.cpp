#include "net/websocket/frame.hpp"

#include "net/utf8.hpp"
#include "net/websocket/close.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace banter::net::websocket {

namespace {

constexpr std::size_t control_bytes_max = 125;
constexpr std::size_t header_bytes_max = 14;

bool is_control(Opcode opcode) { return opcode >= Opcode::close; }

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

Decoded failure(std::uint16_t code) { return {Decoded::Kind::failed, code, {}}; }

/// What a header may be in the place where it stands.
struct Place {
    bool in_payload;    // fragments of one came before
    std::size_t bytes;  // that they brought
    std::size_t fragments;
};

struct Header {
    enum class State { need_more, complete, wrong };

    State state = State::need_more;
    std::uint16_t code = 0;  // if wrong
    Opcode opcode{};
    bool final = false;
    bool compressed = false;
    std::uint64_t size = 0;
    std::array<char, 4> mask{};
    std::size_t bytes = 0;  // of the header itself
};

Header wrong(std::uint16_t code) {
    Header header;
    header.state = Header::State::wrong;
    header.code = code;
    return header;
}

/// RFC 6455 5.2, the first byte: FIN, RSV and the opcode.
std::uint16_t first_byte_problem(unsigned byte, const DecoderRules& rules, const Place& place) {
    const auto opcode = static_cast<Opcode>(byte & 0x0f);
    const bool data = opcode == Opcode::text || opcode == Opcode::binary;
    const bool known = data || opcode == Opcode::continuation ||
                       (opcode >= Opcode::close && opcode <= Opcode::pong);
    if ((byte & 0x30) != 0 || !known) return close_code::protocol_error;
    // RFC 7692 6: on the first frame of a payload only.
    if ((byte & 0x40) != 0 && (rules.inflater == nullptr || !data))
        return close_code::protocol_error;
    if (is_control(opcode)) return (byte & 0x80) != 0 ? 0 : close_code::protocol_error;
    if (data == place.in_payload) return close_code::protocol_error;
    if (opcode == Opcode::binary && !rules.binary_accepted) return close_code::unsupported;
    if (place.fragments >= rules.fragments_max) return close_code::too_big;
    return 0;
}

/// Reads as much of a header as there is, and judges it at once.
Header parse_header(std::string_view bytes, const DecoderRules& rules, const Place& place) {
    Header header;
    if (bytes.empty()) return header;
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (const auto code = first_byte_problem(first, rules, place); code != 0) return wrong(code);
    if (bytes.size() < 2) return header;

    const auto second = static_cast<unsigned char>(bytes[1]);
    header.opcode = static_cast<Opcode>(first & 0x0f);
    header.final = (first & 0x80) != 0;
    header.compressed = (first & 0x40) != 0;
    header.size = second & 0x7f;
    if ((second & 0x80) == 0) return wrong(close_code::protocol_error);
    if (is_control(header.opcode) && header.size > control_bytes_max) {
        return wrong(close_code::protocol_error);
    }
    const std::size_t size_bytes = header.size == 126 ? 2 : header.size == 127 ? 8 : 0;
    if (bytes.size() < 2 + size_bytes) return header;
    if (size_bytes > 0) {
        header.size = big_endian(bytes.substr(2, size_bytes));
        // The shortest form, and the highest bit clear.
        const std::uint64_t least = size_bytes == 2 ? 126 : 65'536;
        if (header.size < least || header.size >> 63 != 0) return wrong(close_code::protocol_error);
    }
    if (!is_control(header.opcode) && header.size > rules.payload_bytes_max - place.bytes) {
        return wrong(close_code::too_big);
    }
    header.bytes = 2 + size_bytes + header.mask.size();
    if (bytes.size() < header.bytes) return header;
    std::memcpy(header.mask.data(), bytes.data() + 2 + size_bytes, header.mask.size());
    header.state = Header::State::complete;
    return header;
}

/// A control frame as what it means.
Decoded control(Opcode opcode, std::string_view payload) {
    if (opcode == Opcode::ping) return {Decoded::Kind::ping, 0, payload};
    if (opcode == Opcode::pong) return {Decoded::Kind::pong, 0, payload};
    if (payload.empty()) return {Decoded::Kind::close, close_code::no_code, {}};
    if (payload.size() < 2) return failure(close_code::protocol_error);
    const auto code = static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
    if (!is_valid_close_code(code)) return failure(close_code::protocol_error);
    const std::string_view reason = payload.substr(2);
    if (!is_valid_utf8(reason)) return failure(close_code::invalid_text);
    return {Decoded::Kind::close, code, reason};
}

}  // namespace

FrameHeader frame_header(Opcode opcode, std::uint64_t payload_bytes, bool compressed) {
    FrameHeader header;
    header.bytes[0] = static_cast<char>(0x80 | (compressed ? 0x40 : 0) | static_cast<int>(opcode));
    std::size_t size_bytes = 0;
    if (payload_bytes < 126) {
        header.bytes[1] = static_cast<char>(payload_bytes);
    } else {
        size_bytes = payload_bytes < 65'536 ? 2 : 8;
        header.bytes[1] = static_cast<char>(size_bytes == 2 ? 126 : 127);
    }
    for (std::size_t i = 0; i < size_bytes; ++i) {
        const std::size_t shift = 8 * (size_bytes - 1 - i);
        header.bytes[2 + i] = static_cast<char>(payload_bytes >> shift & 0xff);
    }
    header.size = static_cast<std::uint8_t>(2 + size_bytes);
    return header;
}

void unmask(std::span<char> payload, const std::array<char, 4>& mask, std::size_t phase) {
    std::array<char, 8> key;
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = mask[(phase + i) % 4];
    std::uint64_t wide_key = 0;
    std::memcpy(&wide_key, key.data(), sizeof wide_key);
    std::size_t at = 0;
    for (; at + 8 <= payload.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, payload.data() + at, sizeof word);
        word ^= wide_key;
        std::memcpy(payload.data() + at, &word, sizeof word);
    }
    for (; at < payload.size(); ++at) payload[at] = static_cast<char>(payload[at] ^ key[at % 8]);
}

/// What is kept between two reads.
struct Decoder::Partial {
    // The frame.
    std::array<char, header_bytes_max> header_bytes;
    std::uint8_t header_size = 0;
    bool in_frame = false;  // its header is complete
    Header header;
    std::uint64_t left = 0;
    std::array<char, control_bytes_max> control_bytes;
    std::uint8_t control_size = 0;

    // The payload that its fragments make.
    bool in_payload = false;
    Opcode kind{};
    bool compressed = false;
    std::size_t fragments = 0;
    Utf8Validator utf8;
    std::string payload;

    bool spent =
        false;  // nothing is partial any more; what was handed out lies here until the next call

    [[nodiscard]] Place place() const { return {in_payload, payload.size(), fragments}; }
};

Decoder::Decoder() = default;
Decoder::~Decoder() = default;

std::size_t Decoder::partial_bytes() const {
    return partial_ ? sizeof(Partial) + partial_->payload.capacity() : 0;
}

bool Decoder::partial() const { return partial_ != nullptr && !partial_->spent; }

Decoded Decoder::next(std::span<char>& input, const DecoderRules& rules) {
    if (partial_ && partial_->spent) partial_.reset();
    if (!partial_) {
        if (const auto decoded = whole_frame(input, rules)) return *decoded;
    }
    for (;;) {
        if (!partial_) {
            if (input.empty()) return {};
            partial_ = std::make_unique<Partial>();
        }
        if (!partial_->in_frame) {
            const Decoded decoded = read_header(input, rules);
            if (decoded.kind == Decoded::Kind::failed || !partial_->in_frame) return decoded;
        }
        const Decoded decoded = read_payload(input, rules);
        if (decoded.kind != Decoded::Kind::need_more || partial_->in_frame) return decoded;
        if (input.empty()) return {};
    }
}

std::optional<Decoded> Decoder::whole_frame(std::span<char>& input, const DecoderRules& rules) {
    const std::string_view bytes(input.data(), input.size());
    const Header header = parse_header(bytes, rules, Place{false, 0, 0});
    if (header.state == Header::State::wrong) return failure(header.code);
    const bool whole = header.state == Header::State::complete && header.final &&
                       !header.compressed && header.size <= input.size() - header.bytes;
    if (!whole) return std::nullopt;
    const auto payload = input.subspan(header.bytes, static_cast<std::size_t>(header.size));
    input = input.subspan(header.bytes + payload.size());
    unmask(payload, header.mask);
    const std::string_view text(payload.data(), payload.size());
    if (is_control(header.opcode)) return control(header.opcode, text);
    if (header.opcode == Opcode::binary) return Decoded{Decoded::Kind::binary, 0, text};
    if (!is_valid_utf8(text)) return failure(close_code::invalid_text);
    return Decoded{Decoded::Kind::text, 0, text};
}

Decoded Decoder::read_header(std::span<char>& input, const DecoderRules& rules) {
    Partial& partial = *partial_;
    while (!input.empty()) {
        partial.header_bytes[partial.header_size++] = input.front();
        input = input.subspan(1);
        const std::string_view bytes(partial.header_bytes.data(), partial.header_size);
        const Header header = parse_header(bytes, rules, partial.place());
        if (header.state == Header::State::wrong) return failure(header.code);
        if (header.state == Header::State::need_more) continue;
        partial.in_frame = true;
        partial.header = header;
        partial.header_size = 0;
        partial.left = header.size;
        partial.control_size = 0;
        if (is_control(header.opcode)) return {};
        if (header.opcode != Opcode::continuation) {
            partial.in_payload = true;
            partial.kind = header.opcode;
            partial.compressed = header.compressed;
        }
        ++partial.fragments;
        return {};
    }
    return {};
}

Decoded Decoder::read_payload(std::span<char>& input, const DecoderRules& rules) {
    Partial& partial = *partial_;
    const auto phase = static_cast<std::size_t>(partial.header.size - partial.left);
    const auto piece =
        input.first(static_cast<std::size_t>(std::min<std::uint64_t>(partial.left, input.size())));
    input = input.subspan(piece.size());
    unmask(piece, partial.header.mask, phase);
    partial.left -= piece.size();
    const bool ended = partial.left == 0;
    if (ended) partial.in_frame = false;

    if (is_control(partial.header.opcode)) {
        std::copy(piece.begin(), piece.end(), partial.control_bytes.begin() + partial.control_size);
        partial.control_size = static_cast<std::uint8_t>(partial.control_size + piece.size());
        if (!ended) return {};
        partial.spent = !partial.in_payload;
        return control(partial.header.opcode, {partial.control_bytes.data(), partial.control_size});
    }
    const std::string_view text(piece.data(), piece.size());
    const bool checked_now = partial.kind == Opcode::text && !partial.compressed;
    if (checked_now && !partial.utf8.feed(text)) return failure(close_code::invalid_text);
    partial.payload += text;
    if (!ended || !partial.header.final) return {};
    return end_payload(rules);
}

Decoded Decoder::end_payload(const DecoderRules& rules) {
    Partial& partial = *partial_;
    partial.spent = true;
    if (partial.compressed) {
        std::string inflated;
        switch (rules.inflater->inflate(partial.payload, rules.payload_bytes_max, inflated)) {
            case Inflater::Outcome::malformed: return failure(close_code::invalid_text);
            case Inflater::Outcome::too_big: return failure(close_code::too_big);
            case Inflater::Outcome::done: break;
        }
        partial.payload.swap(inflated);
        if (partial.kind == Opcode::text && !partial.utf8.feed(partial.payload)) {
            return failure(close_code::invalid_text);
        }
    }
    if (partial.kind == Opcode::binary) return {Decoded::Kind::binary, 0, partial.payload};
    if (!partial.utf8.complete()) return failure(close_code::invalid_text);
    return {Decoded::Kind::text, 0, partial.payload};
}

}  // namespace banter::net::websocket
