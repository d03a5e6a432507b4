// The opening handshake of the server's side (RFC 6455 4.2). Pure.
#pragma once

#include "net/http/request.hpp"
#include "net/http/response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::net::websocket {

/// Whether the request asks for WebSocket at all (an Upgrade header that names it); else it is
/// plain HTTP.
[[nodiscard]] bool asks_for_websocket(const http::Request& request);

struct HandshakeProblem {
    int status;  // 400, or 426 for a version that is not spoken
    std::string_view why;
};

/// What is wrong with the handshake, if anything. A 426 has to carry "Sec-WebSocket-Version: 13".
[[nodiscard]] std::optional<HandshakeProblem> check_handshake(const http::Request& request);

/// Sec-WebSocket-Accept for a key.
[[nodiscard]] std::string accept_value(std::string_view key);

/// The 101 with its empty line. key: the request's; deflate: the answer of negotiate_deflate, or
/// empty.
[[nodiscard]] std::string handshake_response(
    std::string_view key,
    std::string_view deflate,
    const http::Headers& more
);

}  // namespace banter::net::websocket
