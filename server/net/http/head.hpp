// The rules for a request's head, stricter than the RFC where leniency has let requests be smuggled
// (RFC 9112 2.2, 3, 5, 6 and 11.2). Pure.
#pragma once

#include "net/http/body.hpp"
#include "net/http/refusal.hpp"
#include "net/limits.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace banter::net::http {

/// What the head says about itself; the views point into it.
struct HeadFacts {
    std::string_view method;
    std::string_view target;
    std::string_view host;  // empty only in HTTP/1.0
    int minor_version = 1;
    Framing framing;
    bool keep_alive = true;
    bool expects_continue = false;
};

/// Checks a whole head, from the method to the empty line with its CRLF.
[[nodiscard]] std::optional<Refusal> check_head(
    std::string_view head,
    const Limits& limits,
    HeadFacts& facts
);

/// Whether a line that ends in anything but CRLF, or a NUL, lies in the bytes of a head from `from`
/// on. A CR at the very end is no such line yet.
[[nodiscard]] bool has_bare_line_end(std::string_view head, std::size_t from);

}  // namespace banter::net::http
