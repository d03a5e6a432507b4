// What every InviteStore does, and what registering does with an invitation.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class InviteStoreContract : public World<Backend> {
public:
    InviteStore& invites() { return this->backend.stores().invites; }

    static SecretHash code(std::uint8_t fill) {
        SecretHash hash;
        hash.fill(fill);
        return hash;
    }
    NewInvite new_invite(model::UserId by, std::uint8_t fill) {
        NewInvite made;
        made.workspace = this->workspace();
        made.code = code(fill);
        made.invite.id = this->template make<model::InviteId>();
        made.invite.created_by = by;
        made.invite.created_at = this->now();
        return made;
    }
    model::Invite make_invite(NewInvite made) {
        return this->expect(this->run(invites().create(std::move(made), allow)));
    }
    std::vector<model::Invite> listed(model::UserId viewer, ThreadRule rule = allow) {
        const InviteViewer who{this->workspace(), viewer, this->now()};
        return this->run(invites().list(who, std::move(rule), {})).items;
    }
    /// Registers with the code, by a rule that asks for an invitation that counts.
    Result<model::User> come(std::string handle, std::uint8_t fill) {
        NewAccount account = this->account(std::move(handle));
        account.invite = code(fill);
        auto invited = [](const model::RegistrationState& state) -> std::optional<Error> {
            if (state.invited) return std::nullopt;
            return Error{Errc::forbidden, "not invited"};
        };
        return this->run(this->users().register_account(std::move(account), invited));
    }
};

TYPED_TEST_SUITE_P(InviteStoreContract);

TYPED_TEST_P(InviteStoreContract, an_invitation_gives_its_role_as_often_as_it_says) {
    const auto ada = this->user("ada");
    NewInvite made = this->new_invite(ada, 1);
    made.invite.role = model::WorkspaceRole::guest;
    made.invite.uses_max = 2;
    this->make_invite(made);
    EXPECT_EQ(this->expect(this->come("bob", 1)).role, model::WorkspaceRole::guest);
    EXPECT_EQ(this->listed(ada).at(0).uses, 1U);
    this->expect(this->come("eve", 1));
    EXPECT_EQ(this->come("joe", 1).error().code, Errc::forbidden);
    EXPECT_EQ(this->come("joe", 2).error().code, Errc::forbidden) << "another code";
    EXPECT_TRUE(this->listed(ada).empty()) << "used up";
}

TYPED_TEST_P(InviteStoreContract, the_first_user_is_the_owner_whatever_the_invitation_says) {
    const auto bot = this->run(this->users().provision([&] {
        NewIdentity identity;
        identity.identity = {"banter", "handle:bot"};
        identity.workspace = this->workspace();
        identity.id = this->template make<model::UserId>();
        identity.handle = "bot";
        return identity;
    }()));
    NewInvite made = this->new_invite(bot->user.id, 1);
    made.invite.role = model::WorkspaceRole::guest;
    this->make_invite(made);
    EXPECT_EQ(this->expect(this->come("ada", 1)).role, model::WorkspaceRole::owner);
}

TYPED_TEST_P(InviteStoreContract, one_that_is_expired_or_revoked_does_not_count) {
    const auto ada = this->user("ada");
    NewInvite expiring = this->new_invite(ada, 1);
    expiring.invite.expires_at = this->now() + std::chrono::hours(1);
    this->make_invite(expiring);
    const auto revoked = this->make_invite(this->new_invite(ada, 2)).id;
    const auto end = [&](model::WorkspaceId workspace, model::InviteId invite) {
        return this->run(this->invites().end(workspace, invite));
    };
    EXPECT_FALSE(end(this->template make<model::WorkspaceId>(), revoked)) << "another workspace's";
    EXPECT_TRUE(end(this->workspace(), revoked));
    EXPECT_FALSE(end(this->workspace(), revoked)) << "once more";
    EXPECT_EQ(this->come("bob", 2).error().code, Errc::forbidden);
    EXPECT_EQ(this->listed(ada).size(), 1U);
    this->backend.clock().advance(std::chrono::hours(1));
    EXPECT_EQ(this->come("bob", 1).error().code, Errc::forbidden);
    EXPECT_TRUE(this->listed(ada).empty());
}

TYPED_TEST_P(InviteStoreContract, whoever_comes_is_a_member_of_its_threads_with_nothing_unread) {
    const auto ada = this->user("ada");
    const auto thread = this->channel("general", ada);
    this->send(thread, ada, "before");
    NewInvite made = this->new_invite(ada, 1);
    made.invite.threads = {thread, thread};
    EXPECT_EQ(this->make_invite(made).threads.size(), 1U) << "each once";
    (void)this->told();
    const auto bob = this->expect(this->come("bob", 1)).id;
    const auto view = this->view(thread, bob);
    ASSERT_TRUE(view.membership.has_value());
    EXPECT_EQ(view.membership->role, model::ThreadRole::member);
    EXPECT_EQ(view.membership->unread, 0U);
    const auto events = this->told();
    ASSERT_EQ(events.size(), 1U);
    const auto* update = std::get_if<model::MemberUpdate>(&events[0]->body);
    ASSERT_NE(update, nullptr);
    EXPECT_EQ(update->user, bob);
    EXPECT_EQ(update->role, model::ThreadRole::member);
    EXPECT_EQ(update->member_count, 2U);
}

TYPED_TEST_P(InviteStoreContract, nobody_comes_where_the_inviter_can_not_look_any_more) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    NewThread closed = this->new_thread("closed", ada);
    closed.visibility = model::Visibility::private_;
    const auto thread = this->expect(this->run(this->threads().create(closed))).thread.id;
    const auto rule = [](const auto&, auto) { return std::optional<Error>(); };
    const MemberChange member{thread, ada, bob, model::ThreadRole::member, this->now()};
    this->expect(this->run(this->threads().set_member(member, rule)));
    NewInvite made = this->new_invite(bob, 1);
    const auto open = this->channel("open", ada);
    made.invite.threads = {thread, open};
    this->make_invite(made);
    const auto first = this->expect(this->come("first", 1)).id;
    EXPECT_TRUE(this->view(thread, first).membership);
    this->expect(this->run(this->threads().remove_member(member, rule)));
    const auto second = this->expect(this->come("second", 1)).id;
    EXPECT_FALSE(this->view(thread, second).membership);
    EXPECT_TRUE(this->view(open, second).membership);
}

TYPED_TEST_P(InviteStoreContract, the_rule_is_asked_about_each_thread_and_a_refusal_makes_nothing) {
    const auto ada = this->user("ada");
    const auto mine = this->channel("mine", ada);
    const auto other = this->channel("other", this->user("bob"));
    NewInvite made = this->new_invite(ada, 1);
    made.invite.threads = {mine, other};
    EXPECT_EQ(this->run(this->invites().create(made, members_only)).error().code, Errc::forbidden);
    made.invite.threads = {this->template make<model::ThreadId>()};
    EXPECT_EQ(this->run(this->invites().create(made, allow)).error().code, Errc::not_found);
    EXPECT_TRUE(this->listed(ada).empty());
    EXPECT_EQ(this->come("eve", 1).error().code, Errc::forbidden);
}

TYPED_TEST_P(InviteStoreContract, a_list_shows_the_threads_that_its_viewer_may_see) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto mine = this->channel("mine", ada);
    const auto shared = this->channel("shared", ada);
    this->join(shared, bob);
    NewInvite made = this->new_invite(ada, 1);
    made.invite.threads = {mine, shared};
    this->make_invite(made);
    EXPECT_THAT(this->listed(bob, members_only).at(0).threads, testing::ElementsAre(shared));
    EXPECT_EQ(this->listed(ada, members_only).at(0).threads.size(), 2U);
}

TYPED_TEST_P(InviteStoreContract, they_are_listed_newest_first_by_pages) {
    const auto ada = this->user("ada");
    std::vector<model::InviteId> made;
    for (std::uint8_t fill = 1; fill <= 5; ++fill) {
        made.insert(made.begin(), this->make_invite(this->new_invite(ada, fill)).id);
    }
    std::vector<model::InviteId> paged;
    model::PageRequest request{.limit = 2};
    for (int pages = 0; pages < 3; ++pages) {
        const InviteViewer who{this->workspace(), ada, this->now()};
        const auto page = this->run(this->invites().list(who, allow, request));
        for (const auto& invite : page.items) paged.push_back(invite.id);
        request.cursor = page.next;
    }
    EXPECT_FALSE(request.cursor);
    EXPECT_EQ(paged, made);
}

TYPED_TEST_P(InviteStoreContract, a_workspace_has_so_many_and_those_that_are_over_make_room) {
    const auto ada = this->user("ada");
    for (std::size_t i = 0; i < model::limits::invites_max; ++i) {
        NewInvite made = this->new_invite(ada, 0);
        made.code[0] = static_cast<std::uint8_t>(i);
        made.code[1] = static_cast<std::uint8_t>(i / 256);
        if (i == 7) made.invite.expires_at = this->now() + std::chrono::minutes(1);
        this->make_invite(made);
    }
    NewInvite more = this->new_invite(ada, 9);
    EXPECT_EQ(this->run(this->invites().create(more, allow)).error().code, Errc::too_large);
    this->backend.clock().advance(std::chrono::minutes(1));
    more.invite.created_at = this->now();
    this->make_invite(more);
}

TYPED_TEST_P(
    InviteStoreContract,
    the_transaction_that_makes_an_account_shows_its_state_to_the_rule
) {
    std::vector<model::RegistrationState> seen;
    const auto note = [&](const model::RegistrationState& state) -> std::optional<Error> {
        seen.push_back(state);
        return std::nullopt;
    };
    NewAccount first = this->account("ada");
    first.set_up = SetUpChoices{"Home", model::SignUp::closed};
    const auto ada = this->expect(this->run(this->users().register_account(first, note)));
    this->expect(this->run(this->users().register_account(this->account("bob"), note)));
    this->make_invite(this->new_invite(ada.id, 1));
    NewAccount invited = this->account("eve");
    invited.invite = this->code(1);
    this->expect(this->run(this->users().register_account(invited, note)));
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_FALSE(seen[0].has_owner);
    EXPECT_FALSE(seen[0].sign_up);
    EXPECT_TRUE(seen[1].has_owner);
    EXPECT_EQ(seen[1].sign_up, model::SignUp::closed);
    EXPECT_FALSE(seen[1].invited);
    EXPECT_TRUE(seen[2].invited);
    const auto workspace = this->run(this->users().find_workspace(this->workspace()));
    EXPECT_EQ(workspace->name, "Home");
    EXPECT_EQ(workspace->sign_up, model::SignUp::closed);
}

REGISTER_TYPED_TEST_SUITE_P(
    InviteStoreContract,
    an_invitation_gives_its_role_as_often_as_it_says,
    the_first_user_is_the_owner_whatever_the_invitation_says,
    one_that_is_expired_or_revoked_does_not_count,
    whoever_comes_is_a_member_of_its_threads_with_nothing_unread,
    nobody_comes_where_the_inviter_can_not_look_any_more,
    the_rule_is_asked_about_each_thread_and_a_refusal_makes_nothing,
    a_list_shows_the_threads_that_its_viewer_may_see,
    they_are_listed_newest_first_by_pages,
    a_workspace_has_so_many_and_those_that_are_over_make_room,
    the_transaction_that_makes_an_account_shows_its_state_to_the_rule
);

}  // namespace banter::storage
