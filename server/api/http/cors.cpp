#include "api/http/cors.hpp"

#include "api/http/answers.hpp"
#include "api/http/credentials.hpp"

namespace banter::api::http {

namespace {

/// What a page may send beyond what every page may, and see beyond what it always sees.
constexpr std::string_view sent_headers = "Authorization, Content-Type, X-Requested-With";
constexpr std::string_view seen_headers = "Retry-After";
/// The same of uploads in parts (tus), beside those.
constexpr std::string_view sent_for_uploads =
    ", Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset, X-HTTP-Method-Override";
constexpr std::string_view seen_of_uploads =
    ", Banter-File, Location, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, "
    "Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset";
/// Seconds; no browser keeps it for longer than two hours.
constexpr std::string_view kept_for = "7200";

bool is_about_uploads(const net::http::Request& request) {
    return request.path.size() > 1 && request.path[1] == "uploads";
}

}  // namespace

Cors::Cors(const net::http::Request& request, const Origins& origins, bool for_servers)
    : concerned_(!request.path.empty() && request.path.front() == "api" && !for_servers) {
    if (!concerned_ || !request.headers.has("Origin")) return;
    if (has_foreign_origin(request, origins)) return;
    origin_ = *request.headers.find("Origin");
    seen_ = seen_headers;
    if (is_about_uploads(request)) seen_ += seen_of_uploads;
}

void Cors::add_to(net::http::Response& response) const {
    if (!concerned_) return;
    response.headers.add("Vary", "Origin");
    if (!origin_) return;
    response.headers.set("Access-Control-Allow-Origin", *origin_);
    response.headers.set("Access-Control-Allow-Credentials", "true");
    response.headers.set("Access-Control-Expose-Headers", seen_);
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
    std::string sent(sent_headers);
    if (is_about_uploads(request)) sent += sent_for_uploads;
    response.headers.set("Access-Control-Allow-Headers", std::move(sent));
    response.headers.set("Access-Control-Max-Age", std::string(kept_for));
    return response;
}

}  // namespace banter::api::http
