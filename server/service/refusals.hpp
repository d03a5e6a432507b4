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

[[nodiscard]] inline Error no_such_user() { return {Errc::not_found, "there is no such user"}; }

[[nodiscard]] inline Error no_such_file() { return {Errc::not_found, "there is no such file"}; }

[[nodiscard]] inline Error no_such_upload() { return {Errc::not_found, "there is no such upload"}; }

[[nodiscard]] inline Error bad_request(std::string detail) {
    return {Errc::bad_request, std::move(detail)};
}

[[nodiscard]] inline Error unauthenticated(std::string detail) {
    return {Errc::unauthenticated, std::move(detail)};
}

/// Of a token that was good until its time.
[[nodiscard]] inline Error token_expired() { return unauthenticated("the token is expired"); }

/// member: of the request.
[[nodiscard]] inline Error no_password(const std::string& member) {
    return bad_request(member + ": 8 to 1,024 bytes of text");
}

[[nodiscard]] inline Error bad_credentials() {
    return {Errc::bad_credentials, "the handle or the password is wrong"};
}

[[nodiscard]] inline Error rate_limited(std::chrono::milliseconds wait) {
    return {Errc::rate_limited, "too many requests; try again later", wait};
}

}  // namespace banter::service
