// What the engine asks of whoever answers the requests: one object per shard, used on its shard
// only.
#pragma once

#include "base/task.hpp"
#include "net/http/request.hpp"
#include "net/http/response.hpp"
#include "net/websocket/application.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <variant>

namespace banter::net::http {

/// The request becomes a WebSocket session, which owns `application`.
struct Upgrade {
    std::unique_ptr<websocket::Application> application;
    /// Added to the 101 response.
    Headers headers;
    /// Whether permessage-deflate may be agreed on.
    bool deflate = true;
};

/// A Response refuses.
using UpgradeDecision = std::variant<Response, Upgrade>;

class Application {
public:
    virtual ~Application() = default;

    /// Answers one request. Throws nothing: what escapes is logged and cuts the connection off.
    /// Where the body is streamed, it may answer before it has read all of it.
    [[nodiscard]] virtual Task<Response> respond(Request request) = 0;

    /// Decides about a request whose WebSocket handshake is valid (RFC 6455 4.2.1), by path, origin
    /// and token.
    [[nodiscard]] virtual Task<UpgradeDecision> upgrade(Request request) = 0;

    /// The response to what the engine itself refuses: 400, 408, 413, 414, 417, 426, 431, 503, 505.
    /// why: one sentence for a developer, without anything that the peer sent. head: null where it
    /// was not read; its body may be there in part.
    [[nodiscard]] virtual Response refuse(
        int status,
        std::string_view why,
        const Request* head
    ) = 0;

    /// Bytes that the body of this request may have; `head` has everything but the body.
    [[nodiscard]] virtual std::size_t body_bytes_max(const Request& head, std::size_t usual) {
        static_cast<void>(head);
        return usual;
    }

    /// Whether `respond` is called before the body has come, and takes it from `Request::stream`.
    /// `head` has everything but the body; decided by path and method. Not asked of GET and HEAD
    /// without a body.
    [[nodiscard]] virtual bool streams_body(const Request& head) {
        static_cast<void>(head);
        return false;
    }
};

}  // namespace banter::net::http
