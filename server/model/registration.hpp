// What decides whether somebody may become a user.
#pragma once

#include "model/user.hpp"

#include <optional>

namespace banter::model {

/// As the transaction finds it that is to make the account.
struct RegistrationState {
    bool has_owner = false;
    /// What the owner chose at set-up.
    std::optional<SignUp> sign_up;
    /// By an invitation that counts.
    bool invited = false;
};

}  // namespace banter::model
