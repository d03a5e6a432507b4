// Where somebody is signed in: one device, until it signs out or is not heard of for too long.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"

#include <string>

namespace banter::model {

struct SignIn {
    SignInId id;
    Timestamp created_at;
    /// When it last got a new token.
    Timestamp last_used_at;
    Timestamp expires_at;
    /// As the client called itself and whence it came, when it signed in; perhaps empty.
    std::string user_agent;
    std::string address;
};

}  // namespace banter::model
