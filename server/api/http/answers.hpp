// Responses of the API: JSON, and problems.
#pragma once

#include "base/result.hpp"
#include "net/http/response.hpp"

#include <string>

namespace banter::api::http {

/// What a handler gives: a response, or the user's mistake, which becomes a problem.
using Answer = Result<net::http::Response>;

[[nodiscard]] net::http::Response json(int status, std::string body);

/// RFC 9457, with Retry-After and WWW-Authenticate where they belong.
[[nodiscard]] net::http::Response problem(int status, const Error& error);
[[nodiscard]] net::http::Response problem(const Error& error);

/// Adds what every response has: nobody keeps it (unless it says otherwise) or guesses its type.
void add_common_headers(net::http::Response& response);

}  // namespace banter::api::http
