// Bytes to Request, one after the other. Pure and bounded.
//
// Every head is checked by our own rules (head.hpp) before Beast's parser sees it, so that no two
// readings of it are possible; the framing of the body is ours too (body.hpp).
#pragma once

#include "net/http/body.hpp"
#include "net/http/refusal.hpp"
#include "net/http/request.hpp"
#include "net/limits.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace banter::net::http {

struct NeedMore {};

/// Feed, then take requests with `next` until it needs more. Pipelined requests and bytes after an
/// upgrade wait inside, at most what was fed.
class Parser {
public:
    using BodyBytesMax = std::function<std::size_t(const Request& head)>;

    /// body_bytes_max: asked for every request with a body; without it limits.body_bytes_max holds.
    explicit Parser(const Limits& limits, BodyBytesMax body_bytes_max = {});

    /// Adds what was read.
    void feed(std::string_view bytes) { input_.append(bytes); }

    /// The next whole request, or NeedMore, or what is wrong. After a Refusal it always returns
    /// that.
    using Outcome = std::variant<NeedMore, Request, Refusal>;
    [[nodiscard]] Outcome next();

    /// Whether nothing of a request has been read since the last one (but empty lines).
    [[nodiscard]] bool between_requests() const { return stage_ == Stage::head && input_.empty(); }
    /// Whether a head is complete and its body is not.
    [[nodiscard]] bool in_body() const { return stage_ == Stage::body; }
    /// Of the request whose body is not complete, or was refused; null: there is none.
    [[nodiscard]] const Request* head() const {
        return stage_ == Stage::body || refused_body_ ? &request_ : nullptr;
    }
    /// Bytes of the present body that have arrived.
    [[nodiscard]] std::size_t body_bytes() const {
        return stage_ == Stage::body ? request_.body.size() : 0;
    }

    /// True once per request that waits for "100 Continue" before it sends its body.
    [[nodiscard]] bool take_expect_continue();

    /// Takes what was fed after the last request: it belongs to whoever speaks next.
    [[nodiscard]] std::string take_rest();

private:
    enum class Stage { head, body, refused };

    Outcome refuse(Refusal refusal);
    Outcome read_head();
    Outcome begin_body(std::string_view head);
    Outcome read_body();

    const Limits& limits_;
    BodyBytesMax body_bytes_max_;
    Stage stage_ = Stage::head;
    std::string input_;
    std::size_t searched_ = 0;  // bytes of the input in which there is no end of a head
    bool skipped_line_ = false;
    Request request_;
    BodyReader body_;
    bool expects_continue_ = false;
    Refusal refusal_;
    bool refused_body_ = false;
};

}  // namespace banter::net::http
