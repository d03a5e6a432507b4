// Close codes of the protocol's own: each says what the client does next.
#pragma once

#include <cstdint>

namespace banter::api::ws::close_code {

/// Ten malformed frames in a row: the client is broken; it should not come back by itself.
inline constexpr std::uint16_t bad_request = 4400;
/// Get a new token, then come back.
inline constexpr std::uint16_t unauthenticated = 4401;
/// What the client may see has become less: come back and join again.
inline constexpr std::uint16_t access_lost = 4403;
/// The client speaks another protocol: update it.
inline constexpr std::uint16_t protocol_version = 4406;
/// Come back after a while, and ask less.
inline constexpr std::uint16_t too_many_requests = 4429;

}  // namespace banter::api::ws::close_code
