#include "api/http/router.hpp"

#include "api/errors.hpp"
#include "api/http/admission.hpp"
#include "api/http/cookies.hpp"
#include "api/http/cors.hpp"
#include "api/http/credentials.hpp"
#include "api/http/web_app.hpp"

#include <array>
#include <utility>

namespace banter::api::http {

using net::http::Request;
using net::http::Response;

namespace {

constexpr std::array upgrade_query = {std::string_view("protocol")};
constexpr std::string_view protocol_spoken = "1";

bool is_socket_path(const Request& request) {
    return request.path.size() == 1 && request.path.front() == "ws";
}

/// Clients of resumable uploads that can send nothing but POST name the method in a header (tus).
std::string_view method_of(const Request& request) {
    const auto& path = request.path;
    const bool upload = path.size() == 3 && path[0] == "api" && path[1] == "uploads";
    const std::string* named = request.headers.find("X-HTTP-Method-Override");
    return upload && request.method == "POST" && named != nullptr ? *named : request.method;
}

Error nothing_here() { return {Errc::not_found, "there is nothing at this path", {}}; }

/// A path that fits no route, or fits one with another method.
Response answer_unmatched(const Request& request, const Match& match, const Site& site) {
    // The origin of files has nothing else.
    const bool app = site.web_app != nullptr && !site.is_to_files_host(request);
    if (app && match.allow.empty()) {
        if (auto response = site.web_app->respond(request)) return *std::move(response);
    }
    if (is_socket_path(request)) {
        Response response =
            problem(426, {Errc::bad_request, "this is a WebSocket: ask for an upgrade", {}});
        response.headers.set("Upgrade", "websocket");
        return response;
    }
    if (match.allow.empty()) return problem(nothing_here());
    if (request.method == "OPTIONS" && !match.for_servers)
        return preflight(request, site.origins, match.allow);
    Response response = problem(405, {Errc::bad_request, "this path has no such method", {}});
    response.headers.set("Allow", match.allow);
    return response;
}

/// Why an upgrade gets no socket at all, before any token is looked at.
std::optional<Error> trouble_in_upgrade(const Request& request, const Origins& origins) {
    if (!is_socket_path(request)) return nothing_here();
    if (has_foreign_origin(request, origins)) {
        return Error{Errc::forbidden, "this Origin is not allowed here", {}};
    }
    const bool by_cookie =
        !request.headers.has("Authorization") && find_cookie(request, session_cookie);
    if (by_cookie && !request.headers.has("Origin")) {
        return Error{Errc::forbidden, "a cookie counts only with an Origin", {}};
    }
    return trouble_in_query(request, upgrade_query);
}

Errc code_of(int status) {
    switch (status) {
        case 413:
        case 414:
        case 431: return Errc::too_large;
        case 500: return Errc::internal;
        case 503: return Errc::busy;
        default: return Errc::bad_request;
    }
}

}  // namespace

Router::Router(
    service::Services& services,
    const Site& site,
    const Clock& clock,
    metrics::Registry& registry,
    OpenConnection open_connection
)
    : services_(services),
      site_(site),
      clock_(clock),
      open_connection_(std::move(open_connection)),
      table_(routes()),
      metrics_(routes(), registry) {}

Task<Response> Router::respond(Request request) {
    const SteadyTime began = clock_.steady();
    name_client(request);
    Match match = table_.find(method_of(request), request.path);
    const Cors cors(request, site_.origins, match.for_servers);
    const auto route = match.index;
    Response response = co_await answer(std::move(request), std::move(match));
    add_common_headers(response);
    cors.add_to(response);
    metrics_.observe(route, response.status, clock_.steady() - began);
    co_return response;
}

Task<Response> Router::answer(Request request, Match match) {
    if (!match.index) co_return answer_unmatched(request, match, site_);
    const Route& route = table_[*match.index];
    std::exception_ptr failure;
    try {
        Answer answered = co_await serve(std::move(request), std::move(match));
        if (answered) co_return *std::move(answered);
        co_return problem(answered.error());
    } catch (...) {
        failure = std::current_exception();
    }
    co_return problem(error_of(failure, route.pattern.data()));
}

Task<Answer> Router::serve(Request request, Match match) {
    const Route& route = table_[*match.index];
    Exchange exchange{
        .request = std::move(request),
        .services = services_,
        .site = site_,
        .clock = clock_,
        .parameters = std::move(match.parameters),
        .signed_in = std::nullopt,
    };
    if (auto trouble = trouble_in_target(exchange.request, route)) co_return *std::move(trouble);
    if (auto refused = co_await admit(route, exchange)) co_return *std::move(refused);
    if (auto trouble = trouble_in_body(exchange.request, route.body)) co_return *std::move(trouble);
    co_return co_await route.handler(std::move(exchange));
}

Task<std::optional<Error>> Router::admit(const Route& route, Exchange& exchange) {
    if (route.access != Access::signed_in) co_return refused_without_token(route.access, exchange);
    auto token = presented_token(exchange.request, site_.origins);
    if (!token)
        co_return Error{Errc::unauthenticated, "sign in: there is no token that counts here", {}};
    std::string address = exchange.request.peer_address;
    auto signed_in = co_await sign_in(*std::move(token), std::move(address));
    if (!signed_in) co_return signed_in.error();
    exchange.signed_in = *std::move(signed_in);
    if (route.limit != Limit::sends) {
        auto refused = co_await services_.requests.admit(exchange.caller().user);
        if (refused) co_return refused;
    }
    co_return refused_by_scope(route, exchange.caller());
}

Task<Result<service::SignedIn>> Router::sign_in(std::string token, std::string address) {
    auto signed_in = co_await services_.auth.sign_in(std::move(token));
    if (signed_in) co_return *std::move(signed_in);
    co_return co_await services_.failed_tokens.count(signed_in.error(), std::move(address));
}

void Router::name_client(Request& request) const {
    Client client = site_.proxies.client_of(request);
    request.peer_address = std::move(client.address);
    request.secure = client.secure;
}

Task<net::http::UpgradeDecision> Router::upgrade(Request request) {
    std::exception_ptr failure;
    name_client(request);
    try {
        if (const auto trouble = trouble_in_upgrade(request, site_.origins)) {
            Response refused = problem(*trouble);
            add_common_headers(refused);
            co_return refused;
        }
        ws::Opening opening = co_await open(std::move(request));
        net::http::Upgrade accepted;
        accepted.application = open_connection_(std::move(opening));
        co_return accepted;
    } catch (...) {
        failure = std::current_exception();
    }
    Response refused = problem(error_of(failure, "/ws"));
    add_common_headers(refused);
    co_return refused;
}

Task<ws::Opening> Router::open(Request request) {
    ws::Opening opening;
    opening.peer = request.peer_address;
    opening.protocol_spoken =
        request.query_value("protocol").value_or(protocol_spoken) == protocol_spoken;
    // Whoever sends this header means to sign in with it.
    const bool has_header = request.headers.has("Authorization");
    auto token = has_header ? bearer_token(request) : find_cookie(request, session_cookie);
    if (token) {
        opening.signed_in = co_await sign_in(*std::move(token), std::move(request.peer_address));
    } else if (has_header) {
        opening.signed_in =
            Error{Errc::unauthenticated, "the Authorization header holds no Bearer token", {}};
    }
    co_return opening;
}

bool Router::streams_body(const Request& head) {
    const Match match = table_.find(method_of(head), head.path);
    return match.index && table_[*match.index].body == Body::streamed;
}

std::size_t Router::body_bytes_max(const Request& head, std::size_t usual) {
    const Match match = table_.find(method_of(head), head.path);
    if (!match.index) return usual;
    const Route& route = table_[*match.index];
    if (route.access == Access::by_signature) return hook_bytes_max;
    if (route.body != Body::streamed) return usual;
    // In a form there is more than the file.
    return static_cast<std::size_t>(site_.file_bytes_max) + usual;
}

Response Router::refuse(int status, std::string_view why, const net::http::Request* head) {
    Response response = problem(status, {code_of(status), std::string(why), {}});
    if (head != nullptr) {
        const Match match = table_.find(method_of(*head), head->path);
        Cors(*head, site_.origins, match.for_servers).add_to(response);
    }
    add_common_headers(response);
    return response;
}

}  // namespace banter::api::http
