// What several services answer to mistakes, worded once.
//
// What a caller may not see must be told byte for byte as if it did not exist, whoever found it
// missing.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <string>

namespace banter::service {

[[nodiscard]] inline Error no_such_thread() { return {Errc::not_found, "there is no such thread"}; }

[[nodiscard]] inline Error no_such_message() {
    return {Errc::not_found, "there is no such message"};
}

[[nodiscard]] inline Error bad_request(std::string detail) {
    return {Errc::bad_request, std::move(detail)};
}

[[nodiscard]] inline Error unauthenticated(std::string detail) {
    return {Errc::unauthenticated, std::move(detail)};
}

[[nodiscard]] inline Error rate_limited(std::chrono::milliseconds wait) {
    return {Errc::rate_limited, "too many requests; try again later", wait};
}

}  // namespace banter::service
