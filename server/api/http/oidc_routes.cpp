// /api/auth/oidc/…: signing in at an issuer. Browsers come here by navigating, so that what goes
// wrong is told by the app's page for signing in: in the query stands a code of ours, and never
// what the issuer wrote.
#include "api/http/cookies.hpp"
#include "api/http/handlers.hpp"
#include "api/http/signing_in.hpp"

namespace banter::api::http {

using net::http::Response;

namespace {

AttemptCookie attempt_cookie(const Exchange& exchange) {
    return AttemptCookie(exchange.site.origins.https(exchange.request.secure));
}

Response redirect(int status, const std::string& to) {
    Response response = Response::empty(status);
    response.headers.set("Location", to);
    // The address has a code and a state in it.
    response.headers.set("Referrer-Policy", "no-referrer");
    return response;
}

Response to_sign_in_page(service::OidcTrouble trouble) {
    return redirect(303, "/login?error=" + std::string(service::wire_name(trouble)));
}

std::optional<std::string> query_text(const Exchange& exchange, std::string_view name) {
    const auto value = exchange.request.query_value(name);
    return value ? std::optional(std::string(*value)) : std::nullopt;
}

/// Where the issuer sends browsers back to: as it was registered there.
std::string callback_of(const Exchange& exchange) {
    return oidc_url(exchange, exchange.parameters.front()) + "/callback";
}

Error no_such_issuer() { return {Errc::not_found, "there is no such way to sign in", {}}; }

}  // namespace

Task<Answer> begin_oidc(Exchange exchange) {
    service::OidcSignIns& oidc = exchange.services.oidc;
    if (!oidc.has(exchange.parameters.front())) co_return no_such_issuer();
    std::string return_to = query_text(exchange, "returnTo").value_or("/");
    // A browser would show what an API answers to that; whoever signs in comes to the app all the
    // same.
    if (!service::is_own_path(return_to)) return_to = "/";
    service::OidcBeginning beginning{
        .name = exchange.parameters.front(),
        .return_to = std::move(return_to),
        .redirect_uri = callback_of(exchange),
        .address = exchange.request.peer_address,
    };
    const auto begun = co_await oidc.begin(std::move(beginning));
    if (!begun) co_return to_sign_in_page(begun.error());
    Response response = redirect(302, begun->url);
    const AttemptCookie cookie = attempt_cookie(exchange);
    response.headers.add(
        "Set-Cookie", cookie.set(begun->cookie, begun->expires_at, exchange.clock.now())
    );
    co_return response;
}

Task<Answer> finish_oidc(Exchange exchange) {
    service::OidcSignIns& oidc = exchange.services.oidc;
    if (!oidc.has(exchange.parameters.front())) co_return no_such_issuer();
    const AttemptCookie cookie = attempt_cookie(exchange);
    service::OidcReturn back{
        .name = exchange.parameters.front(),
        .cookie = find_cookie(exchange.request, cookie.name()),
        .state = query_text(exchange, "state"),
        .code = query_text(exchange, "code"),
        .error = query_text(exchange, "error"),
        .issuer = query_text(exchange, "iss"),
        .redirect_uri = callback_of(exchange),
        .device = device_of(exchange),
    };
    const auto signed_in = co_await oidc.finish(std::move(back));
    Response response =
        signed_in ? redirect(303, signed_in->return_to) : to_sign_in_page(signed_in.error());
    // Each attempt has one end. What is none of it leaves it to the browser that is on its way.
    if (signed_in || signed_in.error() != service::OidcTrouble::stale)
        response.headers.add("Set-Cookie", cookie.clear());
    if (signed_in) keep_signed_in(response, exchange, signed_in->grant);
    co_return response;
}

}  // namespace banter::api::http
