// Who may come in, invite, and change accounts: pure functions, as in permissions.hpp.
#pragma once

#include "base/result.hpp"
#include "model/registration.hpp"
#include "model/user_change.hpp"
#include "service/caller.hpp"

#include <optional>

namespace banter::service::permissions {

/// How somebody wants to become a user, and what the operator says of that.
struct RegistrationPolicy {
    /// Who may register, if the owner has not chosen otherwise and no flag says so.
    model::SignUp sign_up_default = model::SignUp::open;
    /// The flag, which wins.
    std::optional<model::SignUp> sign_up;
    /// Without an owner, whoever registers first becomes it: only machines on loopback are asked.
    bool first_is_owner = false;
    /// With the code of the set-up.
    bool sets_up = false;
    /// With the code of an invitation, which has to count then.
    bool brings_invite = false;
};

/// Who may register, of what the operator, the owner and the address say.
[[nodiscard]] model::SignUp effective_sign_up(
    const RegistrationPolicy& policy,
    std::optional<model::SignUp> chosen
);

/// Make tokens, change the password, delete the account: not with an access token, which is in a
/// program's hands, and nobody in another's name.
[[nodiscard]] std::optional<Error> may_manage_credentials(const Caller& caller);
/// See and revoke invitations: owners and admins, but in the workspace of an organization nobody.
[[nodiscard]] std::optional<Error> may_manage_invites(const Caller& caller);
/// Invite somebody who is to have this role: owners and admins; an admin only an owner. Nobody is
/// invited as an owner.
[[nodiscard]] std::optional<Error> may_invite(const Caller& caller, model::WorkspaceRole role);
/// See bots and their tokens, and change them: owners and admins, as credentials are managed.
[[nodiscard]] std::optional<Error> may_manage_bots(const Caller& caller);
/// Make a bot with this role: nobody an owner, and only owners an admin, or admins where there is
/// no owner.
[[nodiscard]] std::optional<Error> may_make_bot(const Caller& caller, model::WorkspaceRole role);
/// Change another user's role or deactivation. Roles are the owners' to change, and there is always
/// an owner left; those of an organization are its issuer's, but its bots' are as may_make_bot
/// says. Owners and admins deactivate, but never an owner. A bot is no owner.
[[nodiscard]] std::optional<Error> may_change_user(
    const Caller& caller,
    const model::UserState& state,
    const model::UserChange& change
);
/// Delete one's own account: not the last owner's.
[[nodiscard]] std::optional<Error> may_delete_account(const model::UserState& state);
/// Guests find only users they share a thread with.
[[nodiscard]] bool finds_only_acquainted(const Caller& caller);
/// Whoever may take back a deactivation.
[[nodiscard]] bool finds_deactivated(const Caller& caller);
/// Whether an account may be made, in the state that its transaction finds.
[[nodiscard]] std::optional<Error> may_register(
    const RegistrationPolicy& policy,
    const model::RegistrationState& state
);

}  // namespace banter::service::permissions
