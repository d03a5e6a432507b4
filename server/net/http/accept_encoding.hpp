// What Accept-Encoding says (RFC 9110 12.5.3). Pure.
#pragma once

#include "net/http/request.hpp"

#include <string_view>

namespace banter::net::http {

/// Whether the peer takes bodies in this coding: it is named, or else `*` is, and not with the
/// weight 0.
[[nodiscard]] bool accepts_coding(const Request& request, std::string_view coding);

}  // namespace banter::net::http
