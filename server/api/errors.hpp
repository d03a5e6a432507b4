// The only place where trouble becomes what a client reads: status numbers, problem+json.
#pragma once

#include "base/result.hpp"

#include <exception>
#include <string>

namespace banter::api {

/// The HTTP status of a code, by the table of the protocol.
[[nodiscard]] int http_status(Errc code);

/// What the client is told of an exception that reached the edge. StorageFailure keeps its code;
/// anything else is internal, and its text goes to the log only, under `where`.
[[nodiscard]] Error error_of(const std::exception_ptr& failure, const char* where);

/// RFC 9457.
[[nodiscard]] std::string problem_json(int status, const Error& error);

}  // namespace banter::api
