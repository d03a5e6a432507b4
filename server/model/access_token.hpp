// A token that lives until it is revoked: what a person gives to a program that acts for them, or
// what a bot signs in with.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"
#include "model/scope.hpp"

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
    /// Of a bot's. Nothing: a person's, which may what the person may.
    std::optional<Scopes> scopes;
};

}  // namespace banter::model
