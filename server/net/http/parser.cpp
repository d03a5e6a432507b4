#include "net/http/parser.hpp"

#include "base/check.hpp"
#include "net/http/head.hpp"
#include "net/http/target.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <utility>

namespace banter::net::http {

namespace {

namespace beast = boost::beast::http;

/// The second reading of a head that passed our rules. False: Beast takes it for malformed.
bool read_fields(std::string_view head, const Limits& limits, Request& request) {
    beast::request_parser<beast::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    parser.body_limit(boost::none);
    boost::system::error_code failure;
    parser.put(boost::asio::const_buffer(head.data(), head.size()), failure);
    if (failure || !parser.is_header_done()) return false;
    for (const auto& field : parser.get()) {
        const auto name = field.name_string();
        const auto value = field.value();
        request.headers.add(
            std::string(name.data(), name.size()), std::string(value.data(), value.size())
        );
    }
    return true;
}

}  // namespace

Parser::Parser(const Limits& limits, BodyRules body_rules)
    : limits_(limits), body_rules_(std::move(body_rules)) {}

Parser::Outcome Parser::next() {
    if (stage_ == Stage::refused) return refusal_;
    CHECK(stage_ != Stage::streamed);
    if (stage_ == Stage::head) {
        auto outcome = read_head();
        if (stage_ == Stage::streamed) return request_;
        if (stage_ != Stage::body) return outcome;
    }
    return read_body();
}

Refusal Parser::refuse(Refusal refusal) {
    refused_body_ = stage_ == Stage::body || stage_ == Stage::streamed;
    stage_ = Stage::refused;
    refusal_ = refusal;
    input_.clear();
    return refusal_;
}

Parser::Outcome Parser::read_head() {
    // One empty line before a request is forgiven (RFC 9112 2.2): old clients send it after a body.
    if (!skipped_line_ && input_.starts_with("\r\n")) {
        input_.erase(0, 2);
        searched_ = 0;
        skipped_line_ = true;
    }
    const std::string_view input = std::string_view(input_).substr(0, limits_.head_bytes_max);
    const std::size_t from = searched_ < 3 ? 0 : searched_ - 3;
    const std::size_t end = input.find("\r\n\r\n", from);
    const bool ended = end != std::string_view::npos;
    if (has_bare_line_end(input.substr(0, ended ? end + 4 : input.size()), from)) {
        return refuse({400, "a line ends in something else than CRLF"});
    }
    if (ended) return begin_body(input.substr(0, end + 4));
    if (input_.size() > limits_.head_bytes_max) {
        const bool in_target = input.find("\r\n") > limits_.target_bytes_max;
        if (in_target) return refuse({414, "the target is too long"});
        return refuse({431, "the head is too large"});
    }
    searched_ = input.size();
    return NeedMore{};
}

Parser::Outcome Parser::begin_body(std::string_view head) {
    HeadFacts facts;
    Request request;
    if (auto refused = check_head(head, limits_, facts)) return refuse(*refused);
    if (auto refused = parse_target(facts, request)) return refuse(*refused);
    if (!read_fields(head, limits_, request)) return refuse({400, "the head is malformed"});
    request.method = facts.method;
    request.minor_version = facts.minor_version;
    request.keep_alive = facts.keep_alive;
    const bool has_body = facts.framing.chunked || facts.framing.length > 0;
    const bool asks_only = !has_body && (request.method == "GET" || request.method == "HEAD");
    BodyRule rule{limits_.body_bytes_max};
    if (body_rules_ && !asks_only) rule = body_rules_(request);
    body_ = BodyReader(facts.framing, rule.bytes_max, limits_);
    expects_continue_ = facts.expects_continue && has_body;
    input_.erase(0, head.size());
    searched_ = 0;
    skipped_line_ = false;
    request_ = std::move(request);
    stage_ = rule.streamed ? Stage::streamed : Stage::body;
    // Else it would be seen at the first reading, which the application begins.
    const bool too_large = !facts.framing.chunked && facts.framing.length > rule.bytes_max;
    if (rule.streamed && too_large) return refuse({413, "the body is too large"});
    return NeedMore{};
}

Parser::Outcome Parser::read_body() {
    switch (advance(request_.body)) {
        case BodyReader::State::need_more: return NeedMore{};
        case BodyReader::State::malformed:
        case BodyReader::State::too_large: return refusal_;
        case BodyReader::State::done: break;
    }
    return std::exchange(request_, Request{});
}

BodyReader::State Parser::read_streamed(std::string& bytes) {
    CHECK(stage_ == Stage::streamed);
    const BodyReader::State state = advance(bytes);
    if (state == BodyReader::State::done) request_ = {};
    return state;
}

BodyReader::State Parser::advance(std::string& body) {
    std::string_view input = input_;
    const BodyReader::State state = body_.read(input, body);
    input_.erase(0, input_.size() - input.size());
    switch (state) {
        case BodyReader::State::need_more: break;
        case BodyReader::State::malformed: refuse({400, "the body's chunks are malformed"}); break;
        case BodyReader::State::too_large: refuse({413, "the body is too large"}); break;
        case BodyReader::State::done:
            stage_ = Stage::head;
            expects_continue_ = false;
            break;
    }
    return state;
}

bool Parser::expects_continue() const {
    // Who has begun to send the body does not wait any more.
    const bool in_body = stage_ == Stage::body || stage_ == Stage::streamed;
    return expects_continue_ && in_body && body_.taken() == 0 && input_.empty();
}

bool Parser::take_expect_continue() {
    const bool waits = expects_continue();
    expects_continue_ = false;
    return waits;
}

std::string Parser::take_rest() {
    CHECK(stage_ == Stage::head);
    searched_ = 0;
    return std::exchange(input_, {});
}

}  // namespace banter::net::http
