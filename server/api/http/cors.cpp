#include "api/http/cors.hpp"

#include "api/http/answers.hpp"
#include "api/http/credentials.hpp"

namespace banter::api::http {

namespace {

/// What a page may send beyond what every page may, and see beyond what it always sees.
constexpr std::string_view sent_headers =
    "Authorization, Content-Type, X-Requested-With, Tus-Resumable, Upload-Length, Upload-Metadata, "
    "Upload-Offset, X-HTTP-Method-Override";
constexpr std::string_view seen_headers =
    "Retry-After, Banter-File, Location, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, "
    "Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset";
/// Seconds; no browser keeps it for longer than two hours.
constexpr std::string_view kept_for = "7200";

}  // namespace

Cors::Cors(const net::http::Request& request, const Origins& origins)
    : concerned_(!request.path.empty() && request.path.front() == "api") {
    if (!concerned_ || !request.headers.has("Origin")) return;
    if (!has_foreign_origin(request, origins)) origin_ = *request.headers.find("Origin");
}

void Cors::add_to(net::http::Response& response) const {
    if (!concerned_) return;
    response.headers.add("Vary", "Origin");
    if (!origin_) return;
    response.headers.set("Access-Control-Allow-Origin", *origin_);
    response.headers.set("Access-Control-Allow-Credentials", "true");
    response.headers.set("Access-Control-Expose-Headers", std::string(seen_headers));
}

net::http::Response preflight(
    const net::http::Request& request,
    const Origins& origins,
    std::string_view methods
) {
    if (has_foreign_origin(request, origins))
        return problem({Errc::forbidden, "this Origin is not allowed here", {}});
    net::http::Response response = net::http::Response::empty(204);
    response.headers.set("Allow", std::string(methods));
    if (!request.headers.has("Access-Control-Request-Method")) return response;
    response.headers.set("Access-Control-Allow-Methods", std::string(methods));
    response.headers.set("Access-Control-Allow-Headers", std::string(sent_headers));
    response.headers.set("Access-Control-Max-Age", std::string(kept_for));
    return response;
}

}  // namespace banter::api::http
