// Response to bytes (RFC 9112). Pure.
#pragma once

#include "net/http/response.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace banter::net::http {

/// How the response leaves.
struct Delivery {
    /// In answer to HEAD: the same head, no body.
    bool head_only = false;
    bool keep_alive = true;
    std::chrono::system_clock::time_point now;
};

/// The status line, the headers with Date, Content-Length or Transfer-Encoding, and Connection, and
/// the empty line. CHECKs that no header holds CR, LF or NUL, that none is one of these, and that
/// 204 and 304 have no body.
[[nodiscard]] std::string serialize_head(const Response& response, const Delivery& delivery);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7).
[[nodiscard]] std::string http_date(std::chrono::system_clock::time_point time);

}  // namespace banter::net::http
