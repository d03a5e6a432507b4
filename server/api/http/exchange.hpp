// What a handler receives: a request whose route, caller, query names and body form have been
// checked.
#pragma once

#include "api/http/answers.hpp"
#include "api/http/site.hpp"
#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http/request.hpp"
#include "service/services.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace banter::api::http {

struct Exchange {
    net::http::Request request;
    service::Services& services;
    const Site& site;
    const Clock& clock;
    /// What stood in the place of each `{…}` of the route's pattern, decoded.
    std::vector<std::string> parameters;
    /// Always there in routes of Access::signed_in.
    std::optional<service::SignedIn> signed_in;

    [[nodiscard]] const service::Caller& caller() const {
        CHECK(signed_in.has_value());
        return signed_in->caller;
    }

    /// The first parameter as an id; what is no id names nothing: not_found, as for one that is
    /// unknown.
    [[nodiscard]] Result<model::ThreadId> thread() const;
    [[nodiscard]] Result<model::MessageId> message() const;
    /// A sign-in is called a session where people see it.
    [[nodiscard]] Result<model::SignInId> sign_in() const;
    [[nodiscard]] Result<model::SignInId> access_token() const;
    [[nodiscard]] Result<model::InviteId> invite() const;
    [[nodiscard]] Result<model::UserId> user() const;
    [[nodiscard]] Result<model::FileId> file() const;
    [[nodiscard]] Result<model::UploadId> upload() const;
    /// The parameter after the thread's.
    [[nodiscard]] Result<model::UserId> member() const;
    /// The parameter after the bot's.
    [[nodiscard]] Result<model::SignInId> bot_token() const;

private:
    template <typename Id>
    [[nodiscard]] Result<Id> parameter(const char* unknown) const;
    template <typename Id>
    [[nodiscard]] Result<Id> second_parameter(const char* unknown) const;
};

}  // namespace banter::api::http
