// A whole HTTP request as values, checked and decoded.
#pragma once

#include "net/http/headers.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::net::http {

class RequestBody;

struct Request {
    /// As sent: "GET"; methods are case-sensitive. Any token, also an unknown one.
    std::string method;
    /// The request target in origin form as sent, with its query ("/a%20b?c=d"), or "*".
    std::string target;
    /// The path's segments, each percent-decoded once: "/a%20b/c" is {"a b", "c"}, "/" is {}, "/a/"
    /// is {"a", ""}. Never ".", "..", a slash, a NUL or, but for the last, nothing.
    std::vector<std::string> path;
    /// What follows the "?" as sent, and its pairs decoded once ("+" is a space).
    std::string raw_query;
    std::vector<std::pair<std::string, std::string>> query;
    Headers headers;
    /// Empty if it is streamed.
    std::string body;
    /// The body where the application has it streamed (request_body.hpp); else null. Lives as long
    /// as the Task that answers the request.
    RequestBody* stream = nullptr;

    /// Numeric address and port of the peer of the TCP connection.
    std::string peer_address;
    unsigned short peer_port = 0;
    /// Whether it came encrypted (https).
    bool secure = false;
    /// Minor version of HTTP/1: 0 or 1.
    int minor_version = 1;
    /// Whether the peer lets the connection stand after the answer.
    bool keep_alive = true;

    /// The first value of that name in the query.
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const {
        for (const auto& [key, value] : query) {
            if (key == name) return value;
        }
        return std::nullopt;
    }
};

}  // namespace banter::net::http
