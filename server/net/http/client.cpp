#include "net/http/client.hpp"

#include "net/http/curl_loop.hpp"
#include "net/http/transfer.hpp"

#include <utility>

namespace banter::net::http {

Call::Call(std::unique_ptr<Transfer> transfer) : transfer_(std::move(transfer)) {}
Call::Call(Call&& other) noexcept = default;
Call::~Call() = default;

Task<std::optional<CallFailure>> Call::send(std::string_view piece) {
    return transfer_->send(piece);
}

Task<Outcome<ResponseHead>> Call::head() { return transfer_->head(); }

Task<Outcome<std::string>> Call::next() { return transfer_->next(); }

Client::Client(Executor executor, const Limits& limits, ClientOptions options)
    : limits_(limits),
      options_(std::move(options)),
      loop_(std::make_unique<CurlLoop>(executor, limits.outgoing_idle_max)) {}

Client::~Client() = default;

std::size_t Client::calls() const { return loop_->size(); }

Outcome<Call> Client::start(const ClientRequest& request) {
    if (calls() >= limits_.outgoing_calls_max) {
        return CallFailure{CallFailure::Kind::busy, "too many requests to other servers at once"};
    }
    return Call(std::make_unique<Transfer>(*loop_, request, limits_, options_.ca_file));
}

Task<Outcome<WholeResponse>> Client::fetch(ClientRequest request, std::size_t body_bytes_max) {
    Outcome<Call> call = start(request);
    if (!call) co_return call.error();
    Outcome<ResponseHead> head = co_await call->head();
    if (!head) co_return head.error();
    WholeResponse whole{head->status, std::move(head->headers), {}};
    for (;;) {
        Outcome<std::string> piece = co_await call->next();
        if (!piece) co_return piece.error();
        if (piece->empty()) co_return whole;
        if (piece->size() > body_bytes_max - whole.body.size()) {
            co_return CallFailure{CallFailure::Kind::too_large, "the answer is too large"};
        }
        whole.body += *piece;
    }
}

}  // namespace banter::net::http
