// Negotiation of permessage-deflate (RFC 6455 9.1, RFC 7692 7.1). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace banter::net::websocket {

/// Takes the first offer that can be met; the values of all Sec-WebSocket-Extensions lines in their
/// order. Unknown, doubled or invalid parameters decline their offer; a line that is no list of
/// extensions declines all. Returns the value of the response's Sec-WebSocket-Extensions; empty:
/// the session goes on without compression.
[[nodiscard]] std::string negotiate_deflate(const std::vector<std::string_view>& offers);

}  // namespace banter::net::websocket
