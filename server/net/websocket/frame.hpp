// The WebSocket codec (RFC 6455 5): frames of clients to payloads, and the headers of our own
// frames. Pure: bytes in, values out. While nothing is half-read it holds nothing but a null
// pointer.
#pragma once

#include "net/websocket/deflate.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace banter::net::websocket {

enum class Opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA
};

/// The header of a frame that the server sends (never masked): FIN, 2 to 10 bytes.
struct FrameHeader {
    std::array<char, 10> bytes;
    std::uint8_t size = 0;

    [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};

/// compressed: sets RSV1 (RFC 7692 6).
[[nodiscard]] FrameHeader frame_header(
    Opcode opcode,
    std::uint64_t payload_bytes,
    bool compressed = false
);

/// What holds for every session of a shard or for one session; outlives the decoder's calls.
struct DecoderRules {
    std::size_t payload_bytes_max;
    std::size_t fragments_max;
    bool binary_accepted;
    /// Null: permessage-deflate was not agreed on, and RSV1 is an error.
    Inflater* inflater = nullptr;
};

struct Decoded {
    enum class Kind {
        need_more,  // everything was consumed
        text,       // payload: whole, valid UTF-8
        binary,
        ping,  // payload: at most 125 bytes
        pong,
        close,  // code and payload (the reason); code no_code if there was none
        failed  // code: what to close with; nothing more may be decoded
    };

    Kind kind = Kind::need_more;
    std::uint16_t code = 0;
    /// Points into the input or into the decoder; valid until the next call.
    std::string_view payload;
};

class Decoder {
public:
    Decoder();
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Decodes the first thing in `input` and removes it from there; unmasks in place. Fails as
    /// early as the bytes allow: a wrong header before its payload, a wrong UTF-8 byte before the
    /// rest of its frame. Nothing is allocated from a length that a peer claimed.
    [[nodiscard]] Decoded next(std::span<char>& input, const DecoderRules& rules);

    /// Whether a frame or a fragmented payload has begun and not ended.
    [[nodiscard]] bool partial() const;
    /// Heap bytes held for what is partial.
    [[nodiscard]] std::size_t partial_bytes() const;

private:
    struct Partial;

    /// The usual case: one whole frame in the input. Nothing if it is another.
    std::optional<Decoded> whole_frame(std::span<char>& input, const DecoderRules& rules);
    Decoded read_header(std::span<char>& input, const DecoderRules& rules);
    Decoded read_payload(std::span<char>& input, const DecoderRules& rules);
    Decoded end_payload(const DecoderRules& rules);

    std::unique_ptr<Partial> partial_;
};

/// Applies a mask, whose first byte meets the payload's byte `phase`, in place.
void unmask(std::span<char> payload, const std::array<char, 4>& mask, std::size_t phase = 0);

}  // namespace banter::net::websocket
