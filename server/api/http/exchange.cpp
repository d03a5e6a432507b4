#include "api/http/exchange.hpp"

namespace banter::api::http {

Result<model::ThreadId> Exchange::thread() const {
    CHECK(!parameters.empty());
    if (const auto id = model::ThreadId::parse(parameters.front())) return *id;
    return Error{Errc::not_found, "there is no such thread", {}};
}

Result<model::MessageId> Exchange::message() const {
    CHECK(!parameters.empty());
    if (const auto id = model::MessageId::parse(parameters.front())) return *id;
    return Error{Errc::not_found, "there is no such message", {}};
}

Result<model::UserId> Exchange::user(std::size_t place) const {
    CHECK(place < parameters.size());
    if (const auto id = model::UserId::parse(parameters[place])) return *id;
    return Error{Errc::not_found, "there is no such user", {}};
}

}  // namespace banter::api::http
