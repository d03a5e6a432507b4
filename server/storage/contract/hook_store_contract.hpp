// What every HookStore does: each hook counts once, and in whichever order they come, they end in
// the same.
#pragma once

#include "storage/contract/user_store_contract.hpp"
#include "storage/hook_store.hpp"

namespace banter::storage {

template <typename Backend>
class HookStoreContract : public UserStoreContract<Backend> {
public:
    static Identity somebody() { return {"https://one", "s1"}; }

    bool take(std::string id, decltype(Hook::says) says) {
        Hook hook{std::move(id), this->workspace(), somebody(), std::move(says), this->now()};
        return this->run(this->backend.stores().hooks.take(std::move(hook)));
    }
    IdentityNews news(std::string handle, int at, bool barred = false) {
        IdentityNews news;
        news.updated_at = Timestamp(std::chrono::milliseconds(at));
        news.id = this->template make<model::UserId>();
        news.display_name = "Name of " + handle;
        news.handle = std::move(handle);
        news.renames = true;
        news.barred = barred;
        return news;
    }
    std::optional<model::User> known() {
        auto found = this->run(this->users().find_by_identity(this->workspace(), somebody()));
        if (!found) return std::nullopt;
        return found->user;
    }
    void change(model::UserId user, model::UserChange change) {
        const auto whoever = [](const model::UserState&) { return std::optional<Error>(); };
        const UserChange asked{this->workspace(), user, change, this->now()};
        this->expect(this->run(this->backend.stores().people.change_user(asked, whoever)));
    }
};

TYPED_TEST_SUITE_P(HookStoreContract);

TYPED_TEST_P(HookStoreContract, a_session_that_ended_is_revoked_once) {
    const auto user = this->provision(this->identity("s1", "ada")).id;
    const auto session = this->template make<model::SignInId>();
    EXPECT_TRUE(this->take("one", SessionEnd{session}));
    EXPECT_FALSE(this->take("one", SessionEnd{session}));
    EXPECT_TRUE(this->take("another", SessionEnd{session}));
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 1U);
    EXPECT_EQ(revoked[0].user, user);
    EXPECT_EQ(revoked[0].sign_in, session);
}

TYPED_TEST_P(HookStoreContract, a_session_of_nobody_here_ends_nothing) {
    EXPECT_TRUE(this->take("one", SessionEnd{this->template make<model::SignInId>()}));
    EXPECT_TRUE(this->revoked().empty());
}

TYPED_TEST_P(HookStoreContract, who_has_a_session_that_ended_is_not_signed_in_and_is_not_made) {
    const auto session = this->template make<model::SignInId>();
    const auto other = this->template make<model::SignInId>();
    this->take("one", SessionEnd{session});
    NewIdentity wanted = this->identity("s1", "ada");
    wanted.identity.sign_in = session;
    EXPECT_FALSE(this->run(this->users().provision(wanted)));
    EXPECT_FALSE(this->known());
    wanted.identity.sign_in = other;
    EXPECT_TRUE(this->run(this->users().provision(wanted))->signed_in);
    const auto signed_in = [&](std::optional<model::SignInId> of) {
        Identity identity = this->somebody();
        identity.sign_in = of;
        return this->run(this->users().find_by_identity(this->workspace(), identity))->signed_in;
    };
    EXPECT_FALSE(signed_in(session));
    EXPECT_TRUE(signed_in(other));
    EXPECT_TRUE(signed_in(std::nullopt));
}

TYPED_TEST_P(HookStoreContract, no_token_makes_a_user_of_whom_the_issuer_has_shut_out) {
    this->take("1", this->news("ada", 10, true));
    EXPECT_FALSE(this->known());
    EXPECT_FALSE(this->run(this->users().provision(this->identity("s1", "ada"))));
    this->take("2", this->news("ada", 20));
    ASSERT_TRUE(this->known());
    this->take("3", IdentityEnd{});
    NewIdentity later = this->identity("s1", "ada");
    later.issued_at = this->now() + std::chrono::hours(1);
    EXPECT_FALSE(this->run(this->users().provision(later))) << "gone for good";
    EXPECT_TRUE(this->run(this->users().provision(this->identity("s2", "ada")))) << "another one";
}

TYPED_TEST_P(HookStoreContract, news_make_the_user_and_later_ones_change_them) {
    this->user("ada");
    EXPECT_TRUE(this->take("1", this->news("ada", 10)));
    const auto made = this->known();
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->handle, "ada-2");
    this->take("2", this->news("ada", 20));
    EXPECT_EQ(this->known()->handle, "ada-2") << "it is the wanted one still";
    IdentityNews renamed = this->news("grace", 30);
    renamed.avatar_url = "https://pictures.example/1";
    this->take("3", renamed);
    EXPECT_EQ(this->known()->id, made->id);
    EXPECT_EQ(this->known()->handle, "grace");
    EXPECT_EQ(this->known()->display_name, "Name of grace");
    EXPECT_EQ(this->known()->avatar_url, "https://pictures.example/1");
    this->take("4", this->news("late", 29));
    EXPECT_EQ(this->known()->handle, "grace") << "it is older than what was taken";
    this->take("5", this->news("grace", 31));
    EXPECT_FALSE(this->known()->avatar_url);
}

TYPED_TEST_P(HookStoreContract, a_handle_that_was_cut_for_its_number_is_kept) {
    const std::string longest(32, 'a');
    this->user(longest);
    IdentityNews news = this->news(longest, 10);
    for (int at = 20; at < 50; at += 10) {
        this->take(std::to_string(at), news);
        EXPECT_EQ(this->known()->handle, std::string(30, 'a') + "-2");
        news.updated_at += std::chrono::milliseconds(10);
        news.avatar_url = "https://pictures.example/" + std::to_string(at);
    }
}

TYPED_TEST_P(HookStoreContract, what_people_change_here_stays_until_they_are_called_otherwise) {
    this->take("1", this->news("ada", 10));
    const auto display_name = [&] { return this->known()->display_name; };
    ProfileChange change{this->workspace(), this->known()->id, {}};
    change.change.display_name = "Countess";
    this->expect(this->run(this->backend.stores().people.change_profile(change)));
    this->take("2", this->news("ada", 10));
    this->take("3", this->news("ada", 20));
    EXPECT_EQ(display_name(), "Countess") << "nothing else is said of them";
    this->take("4", this->news("ada", 30, true));
    EXPECT_TRUE(this->known()->deactivated_at);
    this->take("5", this->news("ada", 40));
    EXPECT_EQ(display_name(), "Countess");
    this->take("6", this->news("grace", 50));
    EXPECT_EQ(display_name(), "Name of grace");
}

TYPED_TEST_P(HookStoreContract, who_is_barred_gets_back_what_the_bar_took_and_no_more) {
    const auto user = this->provision(this->identity("s1", "ada")).id;
    this->take("1", this->news("ada", 10, true));
    EXPECT_TRUE(this->known()->deactivated_at);
    ASSERT_EQ(this->revoked().size(), 1U);
    EXPECT_EQ(this->revoked()[0].reason, model::RevocationReason::deactivated);
    this->take("2", this->news("ada", 20));
    EXPECT_FALSE(this->known()->deactivated_at);

    this->change(user, {.role = {}, .deactivated = true});
    this->backend.clock().advance(std::chrono::seconds(1));
    this->take("3", this->news("ada", 30, true));
    this->take("4", this->news("ada", 40));
    EXPECT_TRUE(this->known()->deactivated_at) << "an admin did it";
}

TYPED_TEST_P(HookStoreContract, the_end_of_an_identity_is_the_end_whatever_comes_later) {
    this->take("1", this->news("ada", 10));
    this->take("2", IdentityEnd{});
    EXPECT_TRUE(this->known()->deleted_at);
    EXPECT_TRUE(this->known()->display_name.empty());
    this->take("3", this->news("ada", 99));
    EXPECT_TRUE(this->known()->display_name.empty());
}

TYPED_TEST_P(HookStoreContract, an_end_that_comes_first_makes_nobody_of_what_was_said_before) {
    this->take("1", IdentityEnd{});
    this->take("2", this->news("ada", 10));
    EXPECT_FALSE(this->known());
}

TYPED_TEST_P(HookStoreContract, the_last_owner_is_deactivated_and_not_deleted) {
    const auto user = this->provision(this->identity("s1", "ada")).id;
    this->change(user, {.role = model::WorkspaceRole::owner, .deactivated = {}});
    this->take("1", IdentityEnd{});
    EXPECT_TRUE(this->known()->deactivated_at);
    EXPECT_FALSE(this->known()->deleted_at);
}

TYPED_TEST_P(HookStoreContract, hooks_are_forgotten_after_their_time) {
    const auto session = this->template make<model::SignInId>();
    this->take("one", SessionEnd{session});
    this->backend.clock().advance(hooks_kept + std::chrono::milliseconds(1));
    this->take("two", SessionEnd{this->template make<model::SignInId>()});
    EXPECT_TRUE(this->take("one", SessionEnd{session}));
}

REGISTER_TYPED_TEST_SUITE_P(
    HookStoreContract,
    a_session_that_ended_is_revoked_once,
    a_session_of_nobody_here_ends_nothing,
    who_has_a_session_that_ended_is_not_signed_in_and_is_not_made,
    no_token_makes_a_user_of_whom_the_issuer_has_shut_out,
    news_make_the_user_and_later_ones_change_them,
    a_handle_that_was_cut_for_its_number_is_kept,
    what_people_change_here_stays_until_they_are_called_otherwise,
    who_is_barred_gets_back_what_the_bar_took_and_no_more,
    the_end_of_an_identity_is_the_end_whatever_comes_later,
    an_end_that_comes_first_makes_nobody_of_what_was_said_before,
    the_last_owner_is_deactivated_and_not_deleted,
    hooks_are_forgotten_after_their_time
);

}  // namespace banter::storage
