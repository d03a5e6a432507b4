#include "api/http/exchange.hpp"

namespace banter::api::http {

template <typename Id>
Result<Id> Exchange::parameter(const char* unknown) const {
    CHECK(!parameters.empty());
    if (const auto id = Id::parse(parameters.front())) return *id;
    return Error{Errc::not_found, unknown, {}};
}

template <typename Id>
Result<Id> Exchange::second_parameter(const char* unknown) const {
    CHECK(parameters.size() == 2);
    if (const auto id = Id::parse(parameters.back())) return *id;
    return Error{Errc::not_found, unknown, {}};
}

Result<model::ThreadId> Exchange::thread() const {
    return parameter<model::ThreadId>("there is no such thread");
}

Result<model::MessageId> Exchange::message() const {
    return parameter<model::MessageId>("there is no such message");
}

Result<model::SignInId> Exchange::sign_in() const {
    return parameter<model::SignInId>("there is no such session");
}

Result<model::SignInId> Exchange::access_token() const {
    return parameter<model::SignInId>("there is no such token");
}

Result<model::InviteId> Exchange::invite() const {
    return parameter<model::InviteId>("there is no such invitation");
}

Result<model::UserId> Exchange::user() const {
    return parameter<model::UserId>("there is no such user");
}

Result<model::FileId> Exchange::file() const {
    return parameter<model::FileId>("there is no such file");
}

Result<model::UploadId> Exchange::upload() const {
    return parameter<model::UploadId>("there is no such upload");
}

Result<model::UserId> Exchange::member() const {
    return second_parameter<model::UserId>("there is no such user");
}

Result<model::SignInId> Exchange::bot_token() const {
    return second_parameter<model::SignInId>("there is no such token");
}

}  // namespace banter::api::http
