#include "storage/s3/endpoint.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace banter::s3 {

namespace {

using net::http::ClientRequest;

bool is_success(int status) { return status >= 200 && status < 300; }

bool accepts(const Operation& operation, const Answer& answer, const ErrorAnswer& error) {
    if (answer.status == 404 && operation.may_be_missing) {
        // An answer to HEAD has no body that would say.
        return error.code == "NoSuchKey" || error.code == "NoSuchUpload" ||
               operation.method == "HEAD";
    }
    const bool expected =
        std::find(operation.accepted.begin(), operation.accepted.end(), answer.status) !=
        operation.accepted.end();
    return expected && !(operation.may_fail_late && !error.code.empty());
}

}  // namespace

std::string_view Answer::header(std::string_view name) const {
    const std::string* value = headers.find(name);
    return value == nullptr ? std::string_view() : std::string_view(*value);
}

Endpoint::Endpoint(S3Options options, EndpointParts parts, const RetryLimits& retries)
    : options_(std::move(options)), parts_(std::move(parts)), limits_(retries) {}

std::string Endpoint::key_of(storage::ObjectKey key) const { return options_.prefix + key.text(); }

Retries Endpoint::retries() const { return {limits_, now(), parts_.random}; }

Task<Answer> Endpoint::ask(Operation operation) {
    Outcome outcome = co_await attempt(std::move(operation));
    if (!outcome) throw outcome.error().failure();
    co_return std::move(*outcome);
}

Task<Endpoint::Outcome> Endpoint::attempt(Operation operation) {
    Retries retries = this->retries();
    bool perhaps_done = false;
    for (;;) {
        Outcome outcome = co_await try_once(operation, retries.left(now()));
        if (outcome) co_return std::move(*outcome);
        Trouble trouble = outcome.error();
        // One try may have done it, though the last one surely did nothing.
        perhaps_done = perhaps_done || trouble.perhaps_done;
        trouble.perhaps_done = perhaps_done;
        if (operation.resumes && trouble.code == Errc::busy) trouble.passing = true;
        if (!trouble.passing) co_return trouble;
        const auto wait = retries.next(now(), trouble.advised);
        if (!wait) co_return trouble;
        co_await wait_for(*wait);
    }
}

ClientRequest Endpoint::signed_request(const Operation& operation) const {
    Request request;
    request.method = operation.method;
    request.host = options_.bucket.host();
    request.path = options_.bucket.path(operation.key);
    request.query = operation.query;
    request.headers = operation.headers;
    const Signer signer(parts_.credentials(), options_.region);
    const std::string hash =
        operation.body_hash.empty() ? payload_hash(operation.body) : operation.body_hash;
    ClientRequest sent;
    sent.method = operation.method;
    sent.url = options_.origin() + target_of(request);
    for (Field& header : signer.sign(request, hash, parts_.clock.now()).headers) {
        sent.headers.add(std::move(header.name), std::move(header.value));
    }
    sent.body = operation.body;
    sent.grace = operation.grace;
    return sent;
}

net::http::Outcome<net::http::Call> Endpoint::start(
    const Operation& operation,
    const ClientRequest& request
) {
    if (!operation.reads) return parts_.client.start(request);
    auto call = parts_.reading.start(request);
    const bool is_full = !call && call.error().kind == net::http::CallFailure::Kind::busy;
    if (is_full && idle_reads_.pause_one(now())) return parts_.reading.start(request);
    return call;
}

Task<Endpoint::Outcome> Endpoint::try_once(
    const Operation& operation,
    std::chrono::milliseconds within
) {
    ClientRequest request = signed_request(operation);
    if (!operation.takes_time) request.within = within;
    auto call = start(operation, request);
    if (!call) co_return trouble_of(options_, operation.doing, call.error());
    auto head = co_await call->head();
    if (!head) co_return trouble_of(options_, operation.doing, head.error());
    Answer answer;
    answer.status = head->status;
    answer.headers = std::move(head->headers);
    answer.rest.emplace(std::move(*call));
    if (operation.streams && is_success(answer.status))
        co_return judged(operation, std::move(answer));
    std::optional<Trouble> trouble = co_await read_body(operation, answer);
    if (trouble) co_return std::move(*trouble);
    co_return judged(operation, std::move(answer));
}

Task<std::optional<Trouble>> Endpoint::read_body(const Operation& operation, Answer& answer) {
    for (;;) {
        auto piece = co_await answer.rest->next();
        if (!piece) co_return trouble_of(options_, operation.doing, piece.error());
        if (piece->empty()) break;
        answer.body += *piece;
        if (answer.body.size() > operation.answer_bytes_max) {
            co_return nonsense(options_, operation.doing, "the answer is too large");
        }
    }
    answer.rest.reset();
    co_return std::nullopt;
}

Endpoint::Outcome Endpoint::judged(const Operation& operation, Answer answer) const {
    const bool with_error = !is_success(answer.status) || operation.may_fail_late;
    Refusal refusal;
    if (with_error) refusal.error = parse_error(answer.body);
    if (accepts(operation, answer, refusal.error)) return answer;
    refusal.status = answer.status;
    refusal.retry_after = answer.header("retry-after");
    return trouble_of(options_, operation.doing, refusal);
}

Task<> wait_for(std::chrono::milliseconds time) {
    Timer timer(co_await asio::this_coro::executor);
    timer.expires_after(time);
    co_await timer.async_wait(use_task);
}

}  // namespace banter::s3
