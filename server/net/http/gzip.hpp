// Bodies compressed on their way (RFC 1952, RFC 9110 8.4.1.3).
#pragma once

#include "base/offload.hpp"
#include "net/http/body_source.hpp"
#include "net/http/request.hpp"

#include <cstdint>
#include <memory>

namespace banter::net::http {

/// Whether the peer takes gzip: it names it in Accept-Encoding, or `*`, and doesn't give it the
/// weight 0 (RFC 9110 12.5.3). In HTTP/1.0 never: what is compressed has no length.
[[nodiscard]] bool accepts_gzip(const Request& request);

/// The `length` bytes of `source` in gzip. They are compressed on `offload`, piece by piece.
[[nodiscard]] std::unique_ptr<BodySource> gzipped(
    std::unique_ptr<BodySource> source,
    std::uint64_t length,
    Offload& offload
);

}  // namespace banter::net::http
