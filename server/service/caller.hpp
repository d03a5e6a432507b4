// Who is asking, proven by a token that Auth has checked.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"
#include "model/user.hpp"

#include <optional>
#include <string>

namespace banter::service {

/// Small, because every open connection holds one.
struct Caller {
    model::UserId user;
    model::WorkspaceId workspace;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    /// The sign-in whose token this is; none for tokens made offline.
    std::optional<model::SignInId> sign_in;
    Timestamp token_expires_at;
    /// Hash of the token's issuer, subject, sign-in and workspace: `auth:refresh` has to keep it.
    std::uint64_t token_identity = 0;
};

/// A caller with the user as the database knows it, as `connected` and `/api/me` need it.
struct SignedIn {
    Caller caller;
    model::User user;
};

}  // namespace banter::service
