#pragma once
// Just enough of RFC 6455 for a load generator: masked client frames out, unmasked server frames
// in. No fragments and no compression: neither is asked for, so a server that sends one is at
// fault.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::bench {

inline constexpr unsigned char opcode_text = 0x1;
inline constexpr unsigned char opcode_close = 0x8;
inline constexpr unsigned char opcode_ping = 0x9;
inline constexpr unsigned char opcode_pong = 0xA;

/// One frame as it stands in the bytes that were read; `payload` points into them.
struct ServerFrame {
    unsigned char opcode;
    std::string_view payload;
    std::size_t size;  // header and payload
};

/// Appends one final masked frame that holds `payload`.
void append_client_frame(
    std::string& out,
    unsigned char opcode,
    std::string_view payload,
    std::uint32_t mask
);

/// Bytes from which the size of a frame can be read, in any case.
inline constexpr std::size_t frame_header_bytes_max = 10;

/// Reads the frame that `bytes` begin with; nothing if it isn't whole yet.
/// Throws std::runtime_error on a masked, fragmented or compressed one.
std::optional<ServerFrame> decode_server_frame(std::string_view bytes);

}  // namespace banter::bench
