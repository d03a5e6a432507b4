// /healthz, /readyz, /metrics: for whoever operates the server.
#include "api/http/handlers.hpp"

namespace banter::api::http {

using net::http::Response;

Task<Answer> healthz(Exchange /*exchange*/) { co_return json(200, R"({"status":"alive"})"); }

Task<Answer> readyz(Exchange exchange) {
    const bool ready = co_await exchange.site.ready();
    if (!ready)
        co_return Error{
            Errc::busy, "not ready: the database is away, or the server is going down", {}};
    co_return json(200, R"({"status":"ready"})");
}

Task<Answer> metrics_text(Exchange exchange) {
    co_return Response::of(
        200, "text/plain; version=0.0.4; charset=utf-8", exchange.site.registry.text()
    );
}

}  // namespace banter::api::http
