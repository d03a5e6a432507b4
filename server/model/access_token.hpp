// A personal access token: what a person gives to a program that acts for them.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"

#include <optional>
#include <string>

namespace banter::model {

struct AccessToken {
    /// It takes the place of a sign-in, wherever that matters.
    SignInId id;
    /// For its owner to tell it by.
    std::string name;
    Timestamp created_at;
    /// Up to a minute behind.
    std::optional<Timestamp> last_used_at;
    /// Nothing: it lives until it is revoked.
    std::optional<Timestamp> expires_at;
};

}  // namespace banter::model
