// Which bytes of a representation a GET asks for, and whether it has them already (RFC 9110 13.1.2,
// 13.1.5, 13.2.2 and 14). Pure.
#pragma once

#include "net/http/request.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace banter::net::http {

/// What would be answered with 200: all its bytes, under a strong validator.
struct Representation {
    std::uint64_t size = 0;
    /// With its quotes: "\"abc\"". The same as long as not one byte changes.
    std::string_view etag;
};

struct Selection {
    /// 200: all of it; 206: a part; 304: the peer has it; 416: there is no such part. The last two
    /// go without a body of the representation.
    int status = 200;
    /// The bytes to be sent with 200 and 206.
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    /// Of the header Content-Range; empty but for 206 and 416.
    std::string content_range;

    friend bool operator==(const Selection&, const Selection&) = default;
};

/// Answers a GET or HEAD (any other method: all of it); a Range counts for GET only. The caller
/// adds ETag and `Accept-Ranges: bytes`.
///
/// A Range is left aside, as the RFC allows, if it is malformed, in another unit or repeated, if it
/// names several ranges (many small ones cost more than the whole), or if If-Range names anything
/// but the present strong validator: a date, a weak one, an old one. An If-None-Match that is
/// malformed matches nothing.
[[nodiscard]] Selection select_range(const Request& request, const Representation& representation);

}  // namespace banter::net::http
