// Who may come in, invite, and change accounts, in every combination.
#include "service/account_permissions.hpp"

#include <gtest/gtest.h>

namespace banter::service::permissions {
namespace {

using model::SignUp;
using model::UserChange;
using model::WorkspaceRole;
using enum model::WorkspaceRole;

constexpr WorkspaceRole roles[] = {owner, admin, member, guest};

Caller by(WorkspaceRole role) { return {.role = role}; }

std::optional<Errc> code(const std::optional<Error>& refused) {
    return refused ? std::optional(refused->code) : std::nullopt;
}

std::optional<Errc> changing(
    WorkspaceRole caller,
    WorkspaceRole user,
    UserChange change,
    bool is_last_owner = false
) {
    model::UserState state;
    state.user.role = user;
    state.is_last_owner = is_last_owner;
    return code(may_change_user(by(caller), state, change));
}

TEST(ChangeUser, roles_are_the_owners_to_change) {
    for (const auto caller : roles) {
        for (const auto user : roles) {
            for (const auto role : roles) {
                const auto expected =
                    caller == owner ? std::nullopt : std::optional(Errc::forbidden);
                EXPECT_EQ(changing(caller, user, {.role = role}), expected);
            }
        }
    }
}

TEST(ChangeUser, the_roles_of_an_organization_are_changed_there) {
    Caller caller = by(admin);
    caller.in_organization = true;
    model::UserState state;
    state.user.role = member;
    EXPECT_EQ(code(may_change_user(caller, state, {.role = admin})), Errc::conflict);
    EXPECT_EQ(code(may_change_user(caller, state, {.deactivated = true})), std::nullopt);
    caller.role = member;
    EXPECT_EQ(code(may_change_user(caller, state, {.role = admin})), Errc::forbidden);
    EXPECT_EQ(code(may_manage_invites(caller)), Errc::forbidden);
    caller.role = admin;
    EXPECT_EQ(code(may_manage_invites(caller)), Errc::forbidden);
    EXPECT_EQ(code(may_invite(caller, guest)), Errc::forbidden);
}

TEST(ChangeUser, who_acts_in_anothers_name_gives_nobody_what_would_stay) {
    for (const auto role : {owner, admin}) {
        Caller caller = by(role);
        caller.impersonated = true;
        model::UserState state;
        state.user.role = member;
        EXPECT_EQ(code(may_invite(caller, guest)), Errc::forbidden);
        EXPECT_EQ(code(may_change_user(caller, state, {.role = admin})), Errc::forbidden);
        EXPECT_EQ(code(may_change_user(caller, state, {.deactivated = true})), std::nullopt);
        EXPECT_EQ(code(may_manage_invites(caller)), std::nullopt) << "to revoke one";
    }
}

TEST(ChangeUser, owners_and_admins_deactivate_but_never_an_owner) {
    for (const auto caller : roles) {
        for (const auto user : roles) {
            const bool may = (caller == owner || caller == admin) && user != owner;
            const auto expected = may ? std::nullopt : std::optional(Errc::forbidden);
            EXPECT_EQ(changing(caller, user, {.deactivated = true}), expected);
        }
        const bool gives_back = caller == owner || caller == admin;
        EXPECT_EQ(
            changing(caller, member, {.deactivated = false}),
            gives_back ? std::nullopt : std::optional(Errc::forbidden)
        );
    }
}

TEST(ChangeUser, an_owner_is_demoted_and_deactivated_at_once_and_nobody_promoted_so) {
    EXPECT_EQ(changing(owner, owner, {.role = member, .deactivated = true}), std::nullopt);
    EXPECT_EQ(changing(owner, member, {.role = owner, .deactivated = true}), Errc::forbidden);
    model::UserState out;
    out.user.role = member;
    out.user.deactivated_at = Timestamp{};
    EXPECT_EQ(code(may_change_user(by(owner), out, {.role = owner})), Errc::forbidden);
    EXPECT_EQ(code(may_change_user(by(owner), out, {.role = guest})), std::nullopt);
    const model::UserChange back{.role = owner, .deactivated = false};
    EXPECT_EQ(code(may_change_user(by(owner), out, back)), std::nullopt);
}

TEST(ChangeUser, the_last_owner_stays_one) {
    for (const auto role : {admin, member, guest}) {
        EXPECT_EQ(changing(owner, owner, {.role = role}, true), Errc::conflict);
    }
    EXPECT_EQ(changing(owner, owner, {.role = owner}, true), std::nullopt);
    EXPECT_EQ(changing(owner, owner, {.deactivated = true}, true), Errc::conflict);
    EXPECT_EQ(changing(member, owner, {.role = guest}, true), Errc::forbidden)
        << "whoever may not anyway does not learn it";
    model::UserState last{.is_last_owner = true};
    EXPECT_EQ(code(may_delete_account(last)), Errc::conflict);
    EXPECT_EQ(code(may_delete_account({})), std::nullopt);
}

TEST(ChangeUser, the_deleted_are_left_alone) {
    model::UserState gone;
    gone.user.deleted_at = Timestamp{};
    EXPECT_EQ(code(may_change_user(by(owner), gone, {.role = admin})), Errc::conflict);
    EXPECT_EQ(code(may_delete_account(gone)), Errc::not_found);
}

TEST(Invite, owners_and_admins_may_and_only_owners_invite_admins) {
    for (const auto caller : roles) {
        const bool is_any = caller == owner || caller == admin;
        EXPECT_EQ(code(may_manage_invites(by(caller))).has_value(), !is_any);
        for (const auto role : roles) {
            const bool may = is_any && role != owner && (role != admin || caller == owner);
            EXPECT_EQ(code(may_invite(by(caller), role)).has_value(), !may);
        }
    }
}

TEST(Bots, owners_and_admins_make_them_and_no_more_than_they_are) {
    for (const auto caller : roles) {
        const bool is_any = caller == owner || caller == admin;
        EXPECT_EQ(code(may_manage_bots(by(caller))).has_value(), !is_any);
        for (const auto role : roles) {
            const bool may = is_any && role != owner && (role != admin || caller == owner);
            EXPECT_EQ(code(may_make_bot(by(caller), role)).has_value(), !may);
            model::UserState bot{.user = {.role = member, .bot = true}};
            EXPECT_EQ(code(may_change_user(by(caller), bot, {.role = role})).has_value(), !may);
        }
    }
}

TEST(Bots, where_there_is_no_owner_admins_make_admins) {
    Caller caller = by(admin);
    caller.in_organization = true;
    EXPECT_EQ(code(may_make_bot(caller, admin)), std::nullopt);
    EXPECT_EQ(code(may_make_bot(caller, owner)), Errc::forbidden);
    model::UserState bot{.user = {.role = member, .bot = true}};
    EXPECT_EQ(code(may_change_user(caller, bot, {.role = admin})), std::nullopt);
    EXPECT_EQ(code(may_change_user(caller, bot, {.role = owner})), Errc::forbidden);
}

TEST(Bots, nobody_manages_them_by_a_token_or_in_anothers_name) {
    Caller program = by(owner);
    program.by_access_token = true;
    EXPECT_EQ(code(may_manage_bots(program)), Errc::forbidden);
    EXPECT_EQ(code(may_make_bot(program, guest)), Errc::forbidden);
    Caller another = by(owner);
    another.impersonated = true;
    EXPECT_EQ(code(may_manage_bots(another)), Errc::forbidden);
}

TEST(FindUsers, guests_find_their_acquaintances_and_admins_the_deactivated) {
    for (const auto caller : roles) {
        EXPECT_EQ(finds_only_acquainted(by(caller)), caller == guest);
        EXPECT_EQ(finds_deactivated(by(caller)), caller == owner || caller == admin);
    }
}

TEST(Credentials, are_not_for_access_tokens) {
    EXPECT_EQ(code(may_manage_credentials({.by_access_token = true})), Errc::forbidden);
    EXPECT_EQ(code(may_manage_credentials({})), std::nullopt);
}

TEST(Register, the_flag_wins_over_the_owner_and_the_owner_over_the_default) {
    for (const auto flag : {SignUp::open, SignUp::invite, SignUp::closed}) {
        const RegistrationPolicy policy{.sign_up_default = SignUp::open, .sign_up = flag};
        EXPECT_EQ(effective_sign_up(policy, SignUp::closed), flag);
    }
    const RegistrationPolicy plain{.sign_up_default = SignUp::invite};
    EXPECT_EQ(effective_sign_up(plain, SignUp::closed), SignUp::closed);
    EXPECT_EQ(effective_sign_up(plain, std::nullopt), SignUp::invite);
}

TEST(Register, who_may_in_every_state) {
    for (const auto sign_up : {SignUp::open, SignUp::invite, SignUp::closed}) {
        for (const bool invited : {false, true}) {
            for (const bool brings : {false, true}) {
                if (invited && !brings) continue;
                const RegistrationPolicy policy{.sign_up = sign_up, .brings_invite = brings};
                const model::RegistrationState state{.has_owner = true, .invited = invited};
                const bool may = (sign_up == SignUp::open && invited == brings) ||
                                 (sign_up == SignUp::invite && invited);
                EXPECT_EQ(
                    code(may_register(policy, state)),
                    may ? std::nullopt : std::optional(Errc::forbidden)
                );
            }
        }
        const RegistrationPolicy first{.sign_up = sign_up, .first_is_owner = true};
        EXPECT_EQ(code(may_register(first, {})), std::nullopt);
        EXPECT_EQ(code(may_register({.sign_up = sign_up}, {})), Errc::setup_needed);
        const RegistrationPolicy set_up{.sign_up = sign_up, .sets_up = true};
        EXPECT_EQ(code(may_register(set_up, {})), std::nullopt);
        EXPECT_EQ(code(may_register(set_up, {.has_owner = true})), Errc::conflict);
    }
}

}  // namespace
}  // namespace banter::service::permissions
