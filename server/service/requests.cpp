#include "service/requests.hpp"

#include <utility>

namespace banter::service {

Task<std::optional<Error>> Requests::admit(model::UserId user) {
    if (!limited()) co_return std::nullopt;
    std::string key = "requests:" + user.text();
    const auto wait = co_await limiter_.take(std::move(key), rate_);
    if (!wait) co_return std::nullopt;
    co_return Error{Errc::rate_limited, "too many requests; slow down", *wait};
}

}  // namespace banter::service
