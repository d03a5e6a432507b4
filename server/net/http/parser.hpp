// Bytes to Request, one after the other. Pure and bounded.
//
// Every head is checked by our own rules (head.hpp) before Beast's parser sees it, so that no two
// readings of it are possible; the framing of the body is ours too (body.hpp).
#pragma once

#include "net/http/body.hpp"
#include "net/http/refusal.hpp"
#include "net/http/request.hpp"
#include "net/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace banter::net::http {

struct NeedMore {};

/// How the body of a request is taken.
struct BodyRule {
    std::size_t bytes_max = 0;
    /// The request is handed out before its body, which `read_streamed` then gives in pieces.
    bool streamed = false;
};

/// Feed, then take requests with `next` until it needs more. Pipelined requests and bytes after an
/// upgrade wait inside, at most what was fed.
class Parser {
public:
    using BodyRules = std::function<BodyRule(const Request& head)>;

    /// body_rules: asked for every request but GET and HEAD without a body; else, and without it,
    /// the body is not streamed and limits.body_bytes_max holds.
    explicit Parser(const Limits& limits, BodyRules body_rules = {});

    /// Adds what was read.
    void feed(std::string_view bytes) { input_.append(bytes); }

    /// The next whole request, or NeedMore, or what is wrong. After a Refusal it always returns
    /// that. A request whose body is streamed comes with an empty body; that has to be read to its
    /// end before the next call. One that announces too long a body is refused at once.
    using Outcome = std::variant<NeedMore, Request, Refusal>;
    [[nodiscard]] Outcome next();

    /// Whether nothing of a request has been read since the last one (but empty lines).
    [[nodiscard]] bool between_requests() const { return stage_ == Stage::head && input_.empty(); }
    /// Whether a head is complete and its body is not.
    [[nodiscard]] bool in_body() const { return stage_ == Stage::body; }
    /// Whether the last request's body is streamed and was not read to its end.
    [[nodiscard]] bool streaming() const { return stage_ == Stage::streamed; }
    /// Of the request whose body is not complete, or was refused; null: there is none.
    [[nodiscard]] const Request* head() const {
        return stage_ == Stage::body || stage_ == Stage::streamed || refused_body_ ? &request_
                                                                                   : nullptr;
    }
    /// Bytes of the present body that have arrived.
    [[nodiscard]] std::size_t body_bytes() const {
        return stage_ == Stage::body ? request_.body.size() : 0;
    }

    /// True once per request that waits for "100 Continue" before it sends its body.
    [[nodiscard]] bool take_expect_continue();

    /// Whether such a request still waits, because nobody has taken it.
    [[nodiscard]] bool expects_continue() const;

    /// Appends to `bytes` what has arrived of the streamed body. `done`: that was the rest of it.
    /// `malformed`, `too_large`: from now on `next` returns the refusal.
    [[nodiscard]] BodyReader::State read_streamed(std::string& bytes);
    /// Bytes of the streamed body that are still to be read; nothing for chunks, which don't say.
    [[nodiscard]] std::optional<std::uint64_t> streamed_left() const { return body_.left(); }

    /// Takes what was fed after the last request: it belongs to whoever speaks next.
    [[nodiscard]] std::string take_rest();

private:
    enum class Stage { head, body, streamed, refused };

    Refusal refuse(Refusal refusal);
    Outcome read_head();
    Outcome begin_body(std::string_view head);
    Outcome read_body();
    BodyReader::State advance(std::string& body);

    const Limits& limits_;
    BodyRules body_rules_;
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
