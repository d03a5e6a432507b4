// Close codes and the payload of a Close frame (RFC 6455 7.4). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace banter::net::websocket {

/// Codes that the engine itself gives; applications close with 4400 to 4499.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported = 1003;
inline constexpr std::uint16_t no_code = 1005;  // never sent
inline constexpr std::uint16_t invalid_text = 1007;
inline constexpr std::uint16_t too_big = 1009;
inline constexpr std::uint16_t internal = 1011;
inline constexpr std::uint16_t restart = 1012;
inline constexpr std::uint16_t too_slow = 4408;
}  // namespace close_code

/// Longest reason: a control frame's 125 bytes less the code.
inline constexpr std::size_t close_reason_bytes_max = 123;

/// Whether a peer may send this code (RFC 6455 7.4.1, 7.4.2 and the registry: 1012 to 1014).
[[nodiscard]] bool is_valid_close_code(std::uint16_t code);

/// Code and reason as the payload of a Close frame; nothing for `no_code`. A long reason is cut at
/// a character.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);

}  // namespace banter::net::websocket
