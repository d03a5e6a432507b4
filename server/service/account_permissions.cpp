#include "service/account_permissions.hpp"

#include "service/permissions.hpp"
#include "service/refusals.hpp"

#include <utility>

namespace banter::service::permissions {

namespace {

Error forbidden(std::string detail) { return {Errc::forbidden, std::move(detail)}; }

/// Of what stays when whoever acts for the user is gone.
Error in_anothers_name() { return forbidden("nobody may do this in another's name"); }

Error last_owner() { return {Errc::conflict, "the last owner can't go: make another one first"}; }

/// Of a bot, by an owner or admin.
std::optional<Error> refused_role_of_bot(const Caller& caller, model::WorkspaceRole role) {
    if (role == model::WorkspaceRole::owner) return forbidden("role: a bot is no owner");
    const bool is_highest = caller.role == model::WorkspaceRole::owner || caller.in_organization;
    if (role == model::WorkspaceRole::admin && !is_highest)
        return forbidden("role: only owners make a bot an admin");
    return std::nullopt;
}

std::optional<Error> refused_role(
    const Caller& caller,
    const model::User& user,
    model::WorkspaceRole role
) {
    if (caller.impersonated) return in_anothers_name();
    if (user.bot) return refused_role_of_bot(caller, role);
    if (caller.in_organization)
        return Error{Errc::conflict, "role: it is kept by the organization; change it there"};
    if (caller.role != model::WorkspaceRole::owner)
        return forbidden("role: only owners change roles");
    return std::nullopt;
}

}  // namespace

std::optional<Error> may_manage_credentials(const Caller& caller) {
    if (caller.by_access_token) return forbidden("an access token may not do this");
    if (caller.impersonated) return in_anothers_name();
    return std::nullopt;
}

std::optional<Error> may_manage_invites(const Caller& caller) {
    if (caller.in_organization)
        return forbidden("people come here by way of their organization: invite them to that");
    if (!is_admin(caller)) return forbidden("only owners and admins invite people");
    return std::nullopt;
}

std::optional<Error> may_invite(const Caller& caller, model::WorkspaceRole role) {
    if (auto refused = may_manage_invites(caller)) return refused;
    if (caller.impersonated) return in_anothers_name();
    const bool as_owner = role == model::WorkspaceRole::owner;
    const bool as_admin = role == model::WorkspaceRole::admin;
    if (as_owner || (as_admin && caller.role != model::WorkspaceRole::owner)) {
        return forbidden("role: nobody invites owners, and only owners invite admins");
    }
    return std::nullopt;
}

std::optional<Error> may_manage_bots(const Caller& caller) {
    if (auto refused = may_manage_credentials(caller)) return refused;
    if (!is_admin(caller)) return forbidden("only owners and admins manage bots");
    return std::nullopt;
}

std::optional<Error> may_make_bot(const Caller& caller, model::WorkspaceRole role) {
    if (auto refused = may_manage_bots(caller)) return refused;
    return refused_role_of_bot(caller, role);
}

std::optional<Error> may_delete_account(const model::UserState& state) {
    if (state.user.deleted_at) return no_such_user();
    if (state.is_last_owner) return last_owner();
    return std::nullopt;
}

bool finds_only_acquainted(const Caller& caller) {
    return caller.role == model::WorkspaceRole::guest;
}

bool finds_deactivated(const Caller& caller) { return is_admin(caller); }

std::optional<Error> may_change_user(
    const Caller& caller,
    const model::UserState& state,
    const model::UserChange& change
) {
    const model::User& user = state.user;
    const model::WorkspaceRole role = change.role.value_or(user.role);
    if (!is_admin(caller)) return forbidden("only owners and admins change other users");
    if (change.role) {
        if (auto refused = refused_role(caller, user, *change.role)) return refused;
    }
    if (user.deleted_at) return Error{Errc::conflict, "the account is deleted"};
    const bool stays_out = change.deactivated.value_or(user.deactivated_at.has_value());
    if (state.is_last_owner && (role != model::WorkspaceRole::owner || stays_out)) {
        return last_owner();
    }
    // Else an owner who can't sign in could become the last one.
    if (stays_out && role == model::WorkspaceRole::owner) {
        return forbidden("deactivated: an owner is not deactivated");
    }
    return std::nullopt;
}

model::SignUp effective_sign_up(
    const RegistrationPolicy& policy,
    std::optional<model::SignUp> chosen
) {
    if (policy.sign_up) return *policy.sign_up;
    return chosen.value_or(policy.sign_up_default);
}

std::optional<Error> may_register(
    const RegistrationPolicy& policy,
    const model::RegistrationState& state
) {
    if (!state.has_owner) {
        if (policy.sets_up || policy.first_is_owner) return std::nullopt;
        return Error{Errc::setup_needed, "the server has no owner yet"};
    }
    if (policy.sets_up) return Error{Errc::conflict, "the server has its owner"};
    const model::SignUp who = effective_sign_up(policy, state.sign_up);
    // Wrong, expired, used up or revoked: whoever guesses codes learns nothing.
    const bool wrong_invite = policy.brings_invite && !state.invited;
    if (wrong_invite) return forbidden("the invitation does not count");
    if (who == model::SignUp::open || (who == model::SignUp::invite && state.invited)) {
        return std::nullopt;
    }
    return forbidden("this server is not open for registration");
}

}  // namespace banter::service::permissions
