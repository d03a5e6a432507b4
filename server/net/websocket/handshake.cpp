#include "net/websocket/handshake.hpp"

#include "base/encoding.hpp"
#include "net/http/characters.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace banter::net::websocket {

namespace {

/// 16 bytes in base64, in their only canonical form.
bool is_key(std::string_view key) {
    if (key.size() != 24 || !key.ends_with("==")) return false;
    const std::string_view digits = key.substr(0, 22);
    const bool all_digits = std::all_of(digits.begin(), digits.end(), [](char c) {
        return http::is_digit(c) || http::is_letter(c) || c == '+' || c == '/';
    });
    return all_digits && std::string_view("AQgw").find(digits.back()) != std::string_view::npos;
}

}  // namespace

bool asks_for_websocket(const http::Request& request) {
    return request.headers.has_token("Upgrade", "websocket");
}

std::optional<HandshakeProblem> check_handshake(const http::Request& request) {
    if (request.method != "GET") return HandshakeProblem{400, "a WebSocket handshake is a GET"};
    if (request.minor_version != 1) {
        return HandshakeProblem{400, "a WebSocket handshake needs HTTP/1.1"};
    }
    if (!request.headers.has_token("Connection", "upgrade")) {
        return HandshakeProblem{400, "Connection does not name upgrade"};
    }
    if (!request.body.empty()) return HandshakeProblem{400, "a WebSocket handshake has no body"};
    const auto versions = request.headers.find_all("Sec-WebSocket-Version");
    if (versions.size() != 1 || versions.front() != "13") {
        return HandshakeProblem{426, "the WebSocket version that is spoken is 13"};
    }
    const auto keys = request.headers.find_all("Sec-WebSocket-Key");
    if (keys.size() != 1 || !is_key(keys.front())) {
        return HandshakeProblem{400, "Sec-WebSocket-Key is not one key of 16 bytes in base64"};
    }
    return std::nullopt;
}

std::string accept_value(std::string_view key) {
    std::string text(key);
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest;
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return base64(digest);
}

std::string handshake_response(
    std::string_view key,
    std::string_view deflate,
    const http::Headers& more
) {
    std::string out =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: ";
    out += accept_value(key);
    out += "\r\n";
    if (!deflate.empty()) {
        out += "Sec-WebSocket-Extensions: ";
        out += deflate;
        out += "\r\n";
    }
    for (const auto& [name, value] : more) {
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    out += "\r\n";
    return out;
}

}  // namespace banter::net::websocket
