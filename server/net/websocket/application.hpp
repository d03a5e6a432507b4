// What a WebSocket session asks of whoever speaks through it. One object per session, owned by it.
#pragma once

#include <string_view>

namespace banter::net::websocket {

class Session;

/// All calls come on the session's shard. Every call may send and may close the session.
class Application {
public:
    virtual ~Application() = default;

    /// Called first and once. `session` stays valid until `on_closed` returns.
    virtual void on_open(Session& session) = 0;

    /// A whole text payload, valid UTF-8, at most Limits::payload_bytes_max; valid during the call
    /// only. Not called any more after the session was closed from either side.
    virtual void on_text(std::string_view payload) = 0;

    /// A whole binary payload; only with Limits::binary_accepted.
    virtual void on_binary(std::string_view payload) { static_cast<void>(payload); }

    /// Called last and exactly once, at the end of the turn in which the session was closed: by
    /// either side, by a failure, for being slow or by a drain. Never from inside another call. The
    /// application is destroyed right after it.
    virtual void on_closed() = 0;
};

}  // namespace banter::net::websocket
