// /api/webhooks/…: what issuers elsewhere tell. Nobody is signed in here: the signature is all that
// counts, and nothing of the body is looked at before it.
#include "api/http/handlers.hpp"
#include "api/wire/clerk_hooks.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace banter::api::http {

namespace {

/// Of a header that stands there twice neither is the one that was signed.
std::string_view only(const Exchange& exchange, std::string_view name) {
    const auto values = exchange.request.headers.find_all(name);
    return values.size() == 1 ? values.front() : std::string_view();
}

}  // namespace

Task<Answer> take_clerk_hook(Exchange exchange) {
    service::ClerkHooks& hooks = exchange.services.clerk_hooks;
    if (!hooks.taken_here()) co_return Error{Errc::not_found, "there is nothing at this path", {}};
    const service::SignedHook hook{
        .id = only(exchange, "svix-id"),
        .timestamp = only(exchange, "svix-timestamp"),
        .signatures = only(exchange, "svix-signature"),
        .body = exchange.request.body,
    };
    if (auto refused = hooks.refused(hook)) co_return *std::move(refused);
    auto event = wire::read_clerk_hook(exchange.request.body);
    if (!event) co_return std::move(event).error();
    std::string id(hook.id);
    co_await hooks.take(std::move(id), *std::move(event));
    co_return net::http::Response::empty(204);
}

}  // namespace banter::api::http
