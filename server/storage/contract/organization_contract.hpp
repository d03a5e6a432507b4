// What every HookStore and UserStore does with organizations of an issuer: each is a workspace, the
// newest word on a member counts, and what is said of a user is so in all of them.
#pragma once

#include "storage/contract/hook_store_contract.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace banter::storage {

template <typename Backend>
class OrganizationContract : public HookStoreContract<Backend> {
public:
    using Role = model::WorkspaceRole;

    static Timestamp at(int ms) { return Timestamp(std::chrono::milliseconds(ms)); }

    /// What a token of `somebody` says that was issued at this time.
    NewIdentity entering(model::WorkspaceId workspace, int issued_at, Role role = Role::member) {
        NewIdentity wanted = this->identity("s1", "ada");
        wanted.workspace = workspace;
        wanted.issued_at = at(issued_at);
        wanted.member = OrganizationMember{"org_1", "acme", role};
        return wanted;
    }
    std::optional<KnownCaller> enter(NewIdentity wanted) {
        return this->run(this->users().provision(std::move(wanted)));
    }
    std::optional<KnownCaller> enter(
        model::WorkspaceId workspace,
        int issued_at,
        Role role = Role::member
    ) {
        return enter(entering(workspace, issued_at, role));
    }
    bool tell(model::WorkspaceId workspace, decltype(Hook::says) says) {
        Hook hook{{}, workspace, this->somebody(), std::move(says), this->now()};
        return this->run(this->backend.stores().hooks.take(std::move(hook)));
    }
    std::optional<KnownCaller> find(model::WorkspaceId workspace) {
        return this->run(this->users().find_by_identity(workspace, this->somebody()));
    }
    bool is_active(model::WorkspaceId workspace) { return may_sign_in(find(workspace)->user); }

    const model::WorkspaceId acme = this->template make<model::WorkspaceId>();
    const model::WorkspaceId other = this->template make<model::WorkspaceId>();
};

TYPED_TEST_SUITE_P(OrganizationContract);

TYPED_TEST_P(OrganizationContract, the_first_who_comes_makes_the_workspace_and_nobody_its_owner) {
    const auto first = this->enter(this->acme, 10, model::WorkspaceRole::admin);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->workspace_name, "acme");
    EXPECT_EQ(first->user.workspace, this->acme);
    EXPECT_EQ(first->user.role, model::WorkspaceRole::admin);
    EXPECT_EQ(first->member->role_at, this->at(10));
    const auto workspace = this->run(this->users().find_workspace(this->acme));
    EXPECT_EQ(workspace->sign_up, model::SignUp::closed);
    EXPECT_FALSE(this->run(this->users().has_owner(this->acme)));
    EXPECT_FALSE(this->find(this->workspace())) << "in the organization alone";
    const auto again = this->enter(this->acme, 11, model::WorkspaceRole::admin);
    EXPECT_EQ(again->user.id, first->user.id);
    const auto elsewhere = this->enter(this->other, 10);
    EXPECT_NE(elsewhere->user.id, first->user.id);
    EXPECT_EQ(elsewhere->user.handle, "ada") << "handles of another workspace are free";
}

TYPED_TEST_P(OrganizationContract, the_newest_word_on_a_role_counts_whoever_brings_it) {
    using enum model::WorkspaceRole;
    this->enter(this->acme, 10);
    const auto role = [&] { return this->find(this->acme)->user.role; };
    EXPECT_EQ(this->enter(this->acme, 20, admin)->user.role, admin);
    ASSERT_EQ(this->revoked().size(), 1U);
    EXPECT_EQ(this->revoked()[0].reason, model::RevocationReason::role_changed);
    EXPECT_EQ(this->enter(this->acme, 15)->user.role, admin) << "an older token";
    this->tell(this->acme, MemberNews{guest, this->at(19)});
    EXPECT_EQ(role(), admin) << "an older hook";
    this->tell(this->acme, MemberNews{guest, this->at(30)});
    EXPECT_EQ(role(), guest);
    EXPECT_EQ(this->enter(this->acme, 29, admin)->user.role, guest);
    EXPECT_EQ(this->enter(this->acme, 31, admin)->user.role, admin);
    EXPECT_EQ(this->revoked().size(), 3U);
    this->tell(this->acme, MemberNews{admin, this->at(40)});
    EXPECT_EQ(this->revoked().size(), 3U) << "the same role once more";
}

TYPED_TEST_P(OrganizationContract, a_role_that_is_told_before_the_user_comes_is_the_users) {
    using enum model::WorkspaceRole;
    this->tell(this->acme, MemberNews{admin, this->at(20)});
    EXPECT_FALSE(this->find(this->acme)) << "a member is nobody here yet";
    EXPECT_EQ(this->enter(this->acme, 19)->user.role, admin);
    this->tell(this->other, MemberNews{admin, this->at(20)});
    EXPECT_EQ(this->enter(this->other, 21, guest)->user.role, guest);
}

TYPED_TEST_P(OrganizationContract, who_leaves_is_out_until_something_newer_is_said) {
    const auto user = this->enter(this->acme, 10)->user.id;
    this->enter(this->other, 10);
    this->tell(this->acme, MemberEnd{this->at(20)});
    EXPECT_FALSE(this->is_active(this->acme));
    EXPECT_TRUE(this->is_active(this->other));
    EXPECT_EQ(this->find(this->acme)->member->left_at, this->at(20));
    ASSERT_EQ(this->revoked().size(), 1U);
    EXPECT_EQ(this->revoked()[0].user, user);
    EXPECT_FALSE(this->revoked()[0].sign_in);
    EXPECT_FALSE(this->enter(this->acme, 20)) << "issued until then";
    EXPECT_FALSE(this->is_active(this->acme));
    this->tell(this->acme, MemberNews{model::WorkspaceRole::admin, this->at(20)});
    EXPECT_FALSE(this->is_active(this->acme)) << "said until then";
    const auto back = this->enter(this->acme, 21);
    ASSERT_TRUE(back.has_value());
    EXPECT_TRUE(may_sign_in(back->user));
    EXPECT_EQ(back->user.id, user);
    this->tell(this->acme, MemberEnd{this->at(15)});
    EXPECT_TRUE(this->is_active(this->acme)) << "an old hook";
    this->tell(this->acme, MemberEnd{this->at(30)});
    this->tell(this->acme, MemberNews{model::WorkspaceRole::admin, this->at(31)});
    EXPECT_TRUE(this->is_active(this->acme)) << "invited again";
    EXPECT_EQ(this->find(this->acme)->user.role, model::WorkspaceRole::admin);
}

TYPED_TEST_P(OrganizationContract, who_left_before_they_came_is_not_made_by_an_older_token) {
    this->tell(this->acme, MemberEnd{this->at(20)});
    EXPECT_FALSE(this->enter(this->acme, 20));
    EXPECT_FALSE(this->find(this->acme));
    EXPECT_TRUE(this->enter(this->acme, 21));
}

TYPED_TEST_P(OrganizationContract, what_is_taken_back_is_what_the_issuer_took_and_no_more) {
    const auto user = this->enter(this->acme, 10)->user.id;
    const auto set = [&](bool deactivated) {
        const auto whoever = [](const model::UserState&) { return std::optional<Error>(); };
        model::UserChange change{.role = {}, .deactivated = deactivated};
        const UserChange asked{this->acme, user, change, this->now()};
        this->expect(this->run(this->backend.stores().people.change_user(asked, whoever)));
    };
    this->take("1", this->news("ada", 10, true));
    this->tell(this->acme, MemberEnd{this->at(20)});
    this->take("2", this->news("ada", 30));
    EXPECT_FALSE(this->is_active(this->acme)) << "not barred any more, but out";
    EXPECT_TRUE(this->enter(this->acme, 40));
    EXPECT_TRUE(this->is_active(this->acme));
    set(true);
    this->backend.clock().advance(std::chrono::seconds(1));
    this->tell(this->acme, MemberEnd{this->at(50)});
    this->enter(this->acme, 60);
    EXPECT_FALSE(this->is_active(this->acme)) << "an admin did it";
}

TYPED_TEST_P(OrganizationContract, news_of_a_user_are_news_in_every_workspace) {
    this->enter(this->acme, 10);
    IdentityNews news = this->news("grace", 10);
    news.avatar_url = "https://pictures.example/1";
    news.makes = false;
    this->take("1", news);
    EXPECT_EQ(this->find(this->acme)->user.handle, "grace");
    EXPECT_FALSE(this->find(this->workspace())) << "nobody is made there";
    const auto later = this->enter(this->other, 20);
    EXPECT_EQ(later->user.handle, "grace") << "as the issuer has said";
    EXPECT_EQ(later->user.display_name, "Name of grace");
    EXPECT_EQ(later->user.avatar_url, "https://pictures.example/1");
    this->take("2", this->news("joan", 20));
    for (const auto& workspace : {this->acme, this->other, this->workspace()})
        EXPECT_EQ(this->find(workspace)->user.handle, "joan");
}

TYPED_TEST_P(OrganizationContract, who_is_barred_or_gone_is_so_in_every_workspace) {
    this->enter(this->acme, 10);
    this->take("1", this->news("ada", 10, true));
    EXPECT_FALSE(this->is_active(this->acme));
    EXPECT_FALSE(this->enter(this->other, 20)) << "provisioned after the bar";
    this->take("2", this->news("ada", 20));
    EXPECT_TRUE(this->is_active(this->acme));
    EXPECT_TRUE(this->enter(this->other, 20));
    this->take("3", IdentityEnd{});
    for (const auto& workspace : {this->acme, this->other, this->workspace()})
        EXPECT_TRUE(this->find(workspace)->user.deleted_at);
    const auto third = this->template make<model::WorkspaceId>();
    EXPECT_FALSE(this->enter(third, 1'000'000)) << "gone for good";
    EXPECT_FALSE(this->run(this->users().find_workspace(third))) << "nor is the workspace made";
}

TYPED_TEST_P(OrganizationContract, the_end_of_a_session_is_revoked_in_every_workspace) {
    const auto session = this->template make<model::SignInId>();
    std::set<model::UserId> members{
        this->enter(this->acme, 10)->user.id, this->enter(this->other, 10)->user.id};
    this->take("1", SessionEnd{session});
    std::set<model::UserId> ended;
    for (const auto& revocation : this->revoked()) {
        EXPECT_EQ(revocation.sign_in, session);
        ended.insert(*revocation.user);
    }
    EXPECT_EQ(ended, members);
}

TYPED_TEST_P(OrganizationContract, an_organization_has_the_newest_of_its_names) {
    const auto name = [&](model::WorkspaceId workspace) {
        return this->run(this->users().find_workspace(workspace))->name;
    };
    this->enter(this->acme, 10);
    this->tell(this->acme, OrganizationNews{"org_1", "Acme Inc.", this->at(20)});
    EXPECT_EQ(this->find(this->acme)->workspace_name, "Acme Inc.");
    this->tell(this->acme, OrganizationNews{"org_1", "Old Acme", this->at(19)});
    EXPECT_EQ(name(this->acme), "Acme Inc.");
    this->enter(this->acme, 30, model::WorkspaceRole::admin);
    EXPECT_EQ(name(this->acme), "Acme Inc.");
    this->tell(this->other, OrganizationNews{"org_2", "Other", this->at(5)});
    this->enter(this->other, 10);
    EXPECT_EQ(name(this->other), "Other") << "told before anybody came";
}

TYPED_TEST_P(OrganizationContract, an_organization_that_is_deleted_lets_nobody_in_any_more) {
    const auto ada = this->enter(this->acme, 10)->user.id;
    NewIdentity second = this->identity("s2", "bob");
    second.workspace = this->acme;
    second.member = OrganizationMember{"org_1", "acme"};
    const auto bob = this->enter(second)->user.id;
    const auto elsewhere = this->enter(this->other, 10)->user.id;
    NewAccessToken token;
    token.user = bob;
    token.token.id = this->template make<model::SignInId>();
    token.secret = this->secret(7);
    auto& tokens = this->backend.stores().access_tokens;
    this->expect(this->run(tokens.create(token)));
    EXPECT_EQ(
        this->run(tokens.find_caller(token.secret, this->now()))->caller.user.workspace, this->acme
    );
    this->tell(this->acme, OrganizationEnd{"org_1"});
    std::set<model::UserId> ended;
    for (const auto& revocation : this->revoked()) ended.insert(*revocation.user);
    EXPECT_EQ(ended, (std::set{ada, bob})) << "and nobody of " << elsewhere.text();
    EXPECT_FALSE(this->find(this->acme)->signed_in);
    EXPECT_FALSE(this->enter(this->acme, 1'000'000));
    EXPECT_FALSE(this->run(tokens.find_caller(token.secret, this->now())));
    EXPECT_TRUE(this->find(this->other)->signed_in);
    this->tell(this->acme, OrganizationEnd{"org_1"});
    EXPECT_EQ(this->revoked().size(), 2U) << "once";
    this->tell(this->acme, OrganizationNews{"org_1", "Back", this->at(99'000)});
    EXPECT_FALSE(this->enter(this->acme, 1'000'001)) << "for good";
    const auto third = this->template make<model::WorkspaceId>();
    this->tell(third, OrganizationEnd{"org_3"});
    EXPECT_FALSE(this->enter(third, 10)) << "deleted before anybody came";
}

TYPED_TEST_P(OrganizationContract, everybody_of_an_organization_is_out_however_many_they_are) {
    std::set<model::UserId> members;
    for (int i = 0; i < 501; ++i) {
        NewIdentity wanted = this->identity("s" + std::to_string(i), "ada" + std::to_string(i));
        wanted.workspace = this->acme;
        wanted.member = OrganizationMember{"org_1", "acme"};
        members.insert(this->enter(wanted)->user.id);
    }
    for (int time = 0; time < 2; ++time) {
        Hook hook{"msg_1", this->acme, this->somebody(), OrganizationEnd{"org_1"}, this->now()};
        const bool taken = this->run(this->backend.stores().hooks.take(std::move(hook)));
        EXPECT_EQ(taken, time == 0);
        std::set<model::UserId> ended;
        for (const auto& revocation : this->revoked()) ended.insert(*revocation.user);
        EXPECT_EQ(ended, members);
        EXPECT_EQ(this->revoked().size(), members.size()) << "each once";
    }
}

TYPED_TEST_P(OrganizationContract, what_an_issuer_calls_a_user_goes_with_the_account) {
    const auto user = this->enter(this->acme, 10)->user.id;
    IdentityNews news = this->news("grace", 10);
    news.makes = false;
    this->take("1", news);
    const auto allowed = [](const model::UserState&) { return std::optional<Error>(); };
    AccountDeletion deletion{this->acme, user, false, {}, this->now()};
    this->expect(this->run(this->backend.stores().people.delete_account(deletion, allowed)));
    NewIdentity again = this->entering(this->acme, 0);
    again.issued_at = this->now() + std::chrono::seconds(1);
    const auto made = this->enter(again);
    ASSERT_TRUE(made.has_value());
    EXPECT_NE(made->user.id, user);
    EXPECT_EQ(made->user.handle, "ada");
}

REGISTER_TYPED_TEST_SUITE_P(
    OrganizationContract,
    the_first_who_comes_makes_the_workspace_and_nobody_its_owner,
    the_newest_word_on_a_role_counts_whoever_brings_it,
    a_role_that_is_told_before_the_user_comes_is_the_users,
    who_leaves_is_out_until_something_newer_is_said,
    who_left_before_they_came_is_not_made_by_an_older_token,
    what_is_taken_back_is_what_the_issuer_took_and_no_more,
    news_of_a_user_are_news_in_every_workspace,
    who_is_barred_or_gone_is_so_in_every_workspace,
    the_end_of_a_session_is_revoked_in_every_workspace,
    an_organization_has_the_newest_of_its_names,
    an_organization_that_is_deleted_lets_nobody_in_any_more,
    everybody_of_an_organization_is_out_however_many_they_are,
    what_an_issuer_calls_a_user_goes_with_the_account
);

}  // namespace banter::storage
