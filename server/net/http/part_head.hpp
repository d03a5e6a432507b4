// The head of one part of multipart/form-data (RFC 7578 4.2 to 4.8). Pure.
#pragma once

#include "net/http/multipart.hpp"

#include <string_view>
#include <variant>

namespace banter::net::http {

/// Reads header lines, each with its CRLF. Refused: what is no header line, a Content-Disposition
/// that is missing, repeated or no form-data with one name, a second Content-Type, any
/// Content-Transfer-Encoding that changes bytes, and names that are not UTF-8 or hold control
/// characters. Other headers are passed over, as the RFC asks. A filename* in another charset than
/// UTF-8 is passed over too.
[[nodiscard]] std::variant<PartHead, MultipartFault> parse_part_head(std::string_view head);

}  // namespace banter::net::http
