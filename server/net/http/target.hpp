// The request target (RFC 9112 3.2): its forms, its path in segments and its query, decoded exactly
// once. Pure.
#pragma once

#include "net/http/head.hpp"
#include "net/http/refusal.hpp"
#include "net/http/request.hpp"

#include <optional>

namespace banter::net::http {

/// Fills target, path, raw_query and query. Refused: the absolute form for another host than Host,
/// the authority form, "*" but for OPTIONS, bytes that a URI can't hold, broken escapes, encoded
/// slashes, NULs and other control characters, empty, "." and ".." segments, and what does not
/// decode to UTF-8.
[[nodiscard]] std::optional<Refusal> parse_target(const HeadFacts& facts, Request& request);

}  // namespace banter::net::http
