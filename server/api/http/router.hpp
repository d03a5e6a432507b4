// The HTTP edge of one shard: finds the route, decides who asks, calls the handler, and turns
// whatever went wrong into a problem. One of the three places that catch exceptions.
#pragma once

#include "api/http/route_metrics.hpp"
#include "api/http/route_table.hpp"
#include "api/http/site.hpp"
#include "api/ws/opening.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "net/http/application.hpp"
#include "service/services.hpp"

#include <functional>
#include <memory>

namespace banter::api::http {

class Router final : public net::http::Application {
public:
    /// Makes what speaks through an upgraded socket.
    using OpenConnection = std::function<std::unique_ptr<net::websocket::Application>(ws::Opening)>;

    Router(
        service::Services& services,
        const Site& site,
        const Clock& clock,
        metrics::Registry& registry,
        OpenConnection open_connection
    );

    [[nodiscard]] Task<net::http::Response> respond(net::http::Request request) override;

    /// Refuses every path but /ws, a foreign Origin, and a cookie without an Origin. A token in the
    /// header or the cookie is verified here, before the 101; a bad one is for the connection to
    /// close with 4401.
    [[nodiscard]] Task<net::http::UpgradeDecision> upgrade(net::http::Request request) override;

    [[nodiscard]] net::http::Response refuse(
        int status,
        std::string_view why,
        const net::http::Request* head
    ) override;

    [[nodiscard]] bool streams_body(const net::http::Request& head) override;
    [[nodiscard]] std::size_t body_bytes_max(const net::http::Request& head, std::size_t usual)
        override;

private:
    /// Never throws.
    [[nodiscard]] Task<net::http::Response> answer(net::http::Request request, Match match);
    [[nodiscard]] Task<Answer> serve(net::http::Request request, Match match);
    /// The client in the place of the proxies in front of this server.
    void name_client(net::http::Request& request) const;
    /// Whether the request may go on; fills `exchange.signed_in` where the route asks for it. To be
    /// awaited where it is called.
    [[nodiscard]] Task<std::optional<Error>> admit(const Route& route, Exchange& exchange);
    [[nodiscard]] Task<ws::Opening> open(net::http::Request request);
    [[nodiscard]] Task<Result<service::SignedIn>> sign_in(std::string token, std::string address);

    service::Services& services_;
    const Site& site_;
    const Clock& clock_;
    OpenConnection open_connection_;
    RouteTable table_;
    RouteMetrics metrics_;
};

}  // namespace banter::api::http
