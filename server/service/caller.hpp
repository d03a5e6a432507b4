// Who is asking, proven by a token that Auth has checked.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/event.hpp"
#include "model/id.hpp"
#include "model/scope.hpp"
#include "model/user.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace banter::service {

/// When a token expires that doesn't: later than any clock shows.
inline constexpr Timestamp never{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

/// Small, because every open connection holds one.
struct Caller {
    model::UserId user;
    model::WorkspaceId workspace;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    /// The sign-in whose token this is, the session of an issuer elsewhere (session_of), or the
    /// access token; none for tokens made offline.
    std::optional<model::SignInId> sign_in;
    bool by_access_token = false;
    /// What a bot's access token is limited to; nothing: not limited.
    std::optional<model::Scopes> scopes{};
    /// The workspace is an organization's at an issuer elsewhere, which says who is in it with
    /// which role.
    bool in_organization = false;
    /// Somebody else acts in the user's name.
    bool impersonated = false;
    /// The newest revocation that was taken account of when the token was checked.
    std::uint64_t newest_revocation = 0;
    Timestamp token_expires_at;
    /// Hash of the token's issuer, subject, sign-in, workspace and actor: `auth:refresh` has to
    /// keep it.
    std::uint64_t token_identity = 0;
};

/// Whether the revocation ends what the caller's token gave.
[[nodiscard]] bool is_ended_by(const Caller& caller, const model::Revocation& revocation);

/// forbidden: the caller's token doesn't reach so far. Nothing: it does, whatever the user may.
[[nodiscard]] std::optional<Error> out_of_scope(const Caller& caller, model::Scope scope);

/// A caller with the user as the database knows it, as `connected` and `/api/me` need it.
struct SignedIn {
    Caller caller;
    model::User user;
    /// As the workspace is called.
    std::string workspace_name;

    [[nodiscard]] model::Workspace workspace() const {
        return {.id = caller.workspace, .name = workspace_name};
    }
};

}  // namespace banter::service
