#include "api/http/answers.hpp"

#include "api/errors.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace banter::api::http {

using net::http::Response;

Response json(int status, std::string body) {
    return Response::of(status, "application/json", std::move(body));
}

Response problem(int status, const Error& error) {
    Response response =
        Response::of(status, "application/problem+json", problem_json(status, error));
    if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
    const bool comes_back = error.code == Errc::rate_limited || error.code == Errc::busy;
    if (comes_back || error.retry_after.count() > 0) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(error.retry_after).count();
        response.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
    }
    return response;
}

Response problem(const Error& error) { return problem(http_status(error.code), error); }

void add_common_headers(Response& response) {
    response.headers.set("X-Content-Type-Options", "nosniff");
    if (!response.headers.has("Cache-Control")) {
        response.headers.set("Cache-Control", "private, no-store");
    }
}

}  // namespace banter::api::http
