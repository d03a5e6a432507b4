#include "service/failed_tokens.hpp"

#include "service/refusals.hpp"

#include <utility>

namespace banter::service {

Task<Error> FailedTokens::count(Error refusal, std::string address) {
    if (refusal.code != Errc::unauthenticated || refusal == token_expired()) co_return refusal;
    std::string key = "tokens:" + address;
    const auto wait = co_await limiter_.take(std::move(key), rate_);
    if (wait) co_return Error{Errc::rate_limited, "too many wrong tokens; try again later", *wait};
    co_return refusal;
}

}  // namespace banter::service
