// An HTTP response as values. Content-Length, Date and Connection are the serializer's.
#pragma once

#include "net/http/headers.hpp"

#include <string>
#include <string_view>

namespace banter::net::http {

struct Response {
    int status = 200;
    Headers headers;
    /// Not sent, but counted, in answer to HEAD.
    std::string body;
    /// Closes the connection after this response.
    bool close = false;

    [[nodiscard]] static Response of(int status, std::string_view media_type, std::string body);
    /// No body and no Content-Type.
    [[nodiscard]] static Response empty(int status);
};

/// "Not Found" for 404; "Unknown" for a number without a name.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace banter::net::http
