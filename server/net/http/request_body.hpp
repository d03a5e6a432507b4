// The body of a request as it arrives, for a route that takes it in pieces and not whole.
#pragma once

#include "base/task.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace banter::net::http {

struct BodyPiece {
    enum class Kind {
        bytes,
        end,        // all of it was there
        gone,       // the peer went away, or the server cuts it off
        too_slow,   // slower than limits.body_rate_min
        too_large,  // chunks that go beyond Application::body_bytes_max
        malformed   // chunks that are none
    };

    Kind kind = Kind::end;
    /// With `bytes` at least one and at most some 64 KiB; valid until the next piece is asked for.
    std::string_view bytes;

    /// What came so far is not the body and has to be thrown away.
    [[nodiscard]] bool failed() const { return kind != Kind::bytes && kind != Kind::end; }
};

/// Nothing is read from the socket but by `next`, so a peer that sends faster than the pieces are
/// taken waits. "100 Continue" goes out when the first piece is asked for.
///
/// A failure is the engine's to answer: whatever `respond` returns after one is dropped, and the
/// peer gets 408, 413 or 400 if it is still there. Who answers without having read all says nothing
/// more than that answer: a short rest is read and dropped, else the connection is closed.
class RequestBody {
public:
    virtual ~RequestBody() = default;

    /// Waits for the next piece; after the end or a failure it is always the same. Only one at a
    /// time.
    [[nodiscard]] virtual Task<BodyPiece> next() = 0;

    /// Bytes that are still to come, by Content-Length; nothing for chunks, which don't say.
    [[nodiscard]] virtual std::optional<std::uint64_t> left() const = 0;
};

}  // namespace banter::net::http
