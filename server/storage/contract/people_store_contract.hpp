// What every PeopleStore does.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace banter::storage {

inline std::optional<Error> allow_user(const model::UserState&) { return std::nullopt; }

template <typename Backend>
class PeopleStoreContract : public World<Backend> {
public:
    using Words = std::vector<std::string>;

    PeopleStore& people() { return this->backend.stores().people; }

    model::UserId named(std::string handle, std::string display_name) {
        NewAccount account = this->account(std::move(handle));
        account.display_name = std::move(display_name);
        return this->expect(this->run(this->users().register_account(std::move(account), anybody)))
            .id;
    }
    UserSearch search_of(std::string query, model::UserId viewer = {}) {
        return {.workspace = this->workspace(), .viewer = viewer, .query = std::move(query)};
    }
    static Words handles_of(const model::Page<model::User>& page) {
        Words handles;
        for (const auto& user : page.items) handles.push_back(user.handle);
        return handles;
    }
    Words find(std::string query) {
        return handles_of(this->run(people().search(search_of(std::move(query)), {})));
    }
    Words find(UserSearch search) {
        return handles_of(this->run(people().search(std::move(search), {})));
    }

    Result<model::User> change_profile(model::UserId user, model::ProfileChange change) {
        ProfileChange asked{this->workspace(), user, std::move(change)};
        return this->run(people().change_profile(std::move(asked)));
    }
    Result<model::User> change(model::UserId user, model::UserChange change) {
        const UserChange asked{this->workspace(), user, change, this->now()};
        return this->run(people().change_user(asked, allow_user));
    }
    Result<model::User> make_bot(std::string handle, model::UserId owner) {
        NewBot bot;
        bot.id = this->template make<model::UserId>();
        bot.workspace = this->workspace();
        bot.role = model::WorkspaceRole::guest;
        bot.handle = std::move(handle);
        bot.display_name = "The robot";
        bot.avatar_url = "https://x.example/p";
        bot.created_at = this->now();
        bot.by = {owner, model::WorkspaceRole::owner};
        return this->run(people().make_bot(std::move(bot)));
    }
    model::Page<model::User> bots(model::PageRequest page = {}) {
        return this->run(people().bots(this->workspace(), std::move(page)));
    }
    std::optional<KnownCaller> caller(
        model::UserId user,
        std::optional<model::SignInId> sign_in = std::nullopt
    ) {
        return this->run(this->users().find_caller(this->workspace(), user, sign_in, this->now()));
    }
    model::SignInId sign_in(model::UserId user, std::uint8_t fill) {
        NewSignIn made;
        made.id = this->template make<model::SignInId>();
        made.user = user;
        made.secret.fill(fill);
        made.created_at = this->now();
        made.expires_at = this->now() + std::chrono::hours(24);
        EXPECT_TRUE(this->run(this->sign_ins().create(made)));
        return made.id;
    }
    SecretHash token(model::UserId user, std::uint8_t fill) {
        NewAccessToken made;
        made.user = user;
        made.secret.fill(fill);
        made.token.id = this->template make<model::SignInId>();
        made.token.created_at = this->now();
        this->expect(this->run(this->backend.stores().access_tokens.create(made)));
        return made.secret;
    }
    bool counts(SecretHash token) {
        AccessTokenStore& tokens = this->backend.stores().access_tokens;
        return this->run(tokens.find_caller(token, this->now())).has_value();
    }
    void invite(model::UserId by, std::uint8_t fill) {
        NewInvite made;
        made.workspace = this->workspace();
        made.code.fill(fill);
        made.invite.id = this->template make<model::InviteId>();
        made.invite.created_by = by;
        made.invite.created_at = this->now();
        this->expect(this->run(this->backend.stores().invites.create(made, allow)));
    }
    std::size_t invites() {
        const InviteViewer viewer{this->workspace(), {}, this->now()};
        return this->run(this->backend.stores().invites.list(viewer, allow, {})).items.size();
    }
    /// The users whom events told of since the last call.
    std::vector<model::User> told() {
        std::vector<model::User> users;
        for (const auto& event : this->told_by(this->backend)) {
            const auto* update = std::get_if<model::UserUpdate>(&event->body);
            if (update != nullptr) users.push_back(update->user);
        }
        return users;
    }
};

TYPED_TEST_SUITE_P(PeopleStoreContract);

TYPED_TEST_P(PeopleStoreContract, users_are_found_by_the_beginning_of_a_handle_or_of_a_word) {
    using testing::ElementsAre;
    using testing::IsEmpty;
    this->named("ada", "Ada King Lovelace");
    this->named("kim", "Kim Øst");
    this->named("adam.king", "Nobody");
    EXPECT_THAT(this->find("ada"), ElementsAre("ada", "adam.king")) << "each once";
    EXPECT_THAT(this->find("ADA K"), ElementsAre("ada"));
    EXPECT_THAT(this->find("lovelace"), ElementsAre("ada"));
    EXPECT_THAT(this->find("king"), ElementsAre("adam.king", "ada"));
    EXPECT_THAT(this->find("øs"), ElementsAre("kim"));
    EXPECT_THAT(this->find("ØS"), ElementsAre("kim"));
    EXPECT_THAT(this->find("velace"), IsEmpty()) << "the middle of a word";
    EXPECT_THAT(this->find("ada k%"), IsEmpty()) << "no pattern";
    EXPECT_THAT(this->find(""), ElementsAre("ada", "adam.king", "kim"));
    UserSearch elsewhere = this->search_of("ada");
    elsewhere.workspace = this->template make<model::WorkspaceId>();
    EXPECT_THAT(this->find(elsewhere), IsEmpty());
}

TYPED_TEST_P(PeopleStoreContract, what_is_found_comes_in_pages_each_user_once) {
    typename TestFixture::Words all;
    for (int i = 10; i < 35; ++i) {
        all.push_back("user" + std::to_string(i));
        this->named(all.back(), "User User " + std::to_string(i));
    }
    for (const std::string query : {"user", ""}) {
        typename TestFixture::Words found;
        model::PageRequest request{.limit = 7};
        for (int pages = 0; pages < 10; ++pages) {
            const auto page = this->run(this->people().search(this->search_of(query), request));
            EXPECT_LE(page.items.size(), 7U);
            for (const auto& user : page.items) found.push_back(user.handle);
            request.cursor = page.next;
            if (!page.next) break;
        }
        std::sort(found.begin(), found.end());
        EXPECT_EQ(found, all) << query;
    }
    this->named("ada", "Ada Ada");
    const auto last = this->run(this->people().search(this->search_of("ada"), {.limit = 1}));
    EXPECT_EQ(last.items.size(), 1U);
    EXPECT_FALSE(last.next) << "behind her is only herself";
    for (const std::string cursor : {"", "nonsense", "AAAAAAAAAAAAAAAAAAAAAA"}) {
        const auto page =
            this->run(this->people().search(this->search_of("user"), {.cursor = cursor}));
        EXPECT_TRUE(page.items.empty());
    }
}

TYPED_TEST_P(PeopleStoreContract, the_deactivated_are_found_by_those_who_are_shown_them) {
    using testing::ElementsAre;
    this->user("owner");
    const auto gone = this->named("gone", "Gone Girl");
    this->expect(this->change(gone, {.deactivated = true}));
    EXPECT_TRUE(this->find("go").empty());
    UserSearch search = this->search_of("go");
    search.shows_deactivated = true;
    EXPECT_THAT(this->find(search), ElementsAre("gone"));
}

TYPED_TEST_P(PeopleStoreContract, whoever_is_to_find_only_the_acquainted_finds_no_others) {
    using testing::ElementsAre;
    using testing::UnorderedElementsAre;
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto eve = this->user("eve");
    const auto thread = this->channel("general", ada);
    this->join(thread, bob);
    this->channel("elsewhere", eve);
    const auto find_as = [&](model::UserId viewer) {
        UserSearch search = this->search_of("", viewer);
        search.only_acquainted = true;
        return this->find(search);
    };
    EXPECT_THAT(find_as(bob), ElementsAre("ada", "bob"));
    EXPECT_THAT(find_as(eve), ElementsAre("eve"));
    const auto acquainted = [&](model::UserId viewer) {
        typename TestFixture::Words handles;
        std::vector<model::UserId> asked{ada, bob, eve, this->template make<model::UserId>()};
        for (const auto& user :
             this->run(this->people().find_acquainted(this->workspace(), viewer, asked))) {
            handles.push_back(user.handle);
        }
        return handles;
    };
    EXPECT_THAT(acquainted(bob), UnorderedElementsAre("ada", "bob"));
    EXPECT_THAT(acquainted(eve), ElementsAre("eve"));
}

TYPED_TEST_P(PeopleStoreContract, a_search_that_finds_few_ends_its_page_and_goes_on_with_the_next) {
    const auto ada = this->user("ada");
    for (int i = 0; i < 1'100; ++i) this->user("user" + std::to_string(i));
    const auto zoe = this->user("zoe");
    const auto thread = this->channel("general", ada);
    this->join(thread, zoe);
    UserSearch search = this->search_of("", zoe);
    search.only_acquainted = true;
    const auto first = this->run(this->people().search(search, {}));
    EXPECT_EQ(this->handles_of(first), (typename TestFixture::Words{"ada"}));
    ASSERT_TRUE(first.next.has_value());
    const auto second = this->run(this->people().search(search, {.cursor = first.next}));
    EXPECT_EQ(this->handles_of(second), (typename TestFixture::Words{"zoe"}));
    EXPECT_FALSE(second.next);
}

TYPED_TEST_P(PeopleStoreContract, a_profile_changes_in_what_is_given_and_is_found_by_it) {
    using testing::ElementsAre;
    const auto ada = this->user("ada");
    const Timestamp later = this->now() + std::chrono::hours(1);
    const model::UserStatus away{"🌴", "away", later};
    const auto changed = this->expect(this->change_profile(
        ada,
        {.handle = "lovelace",
         .display_name = "Countess",
         .avatar_url = "https://a/b",
         .status = away}
    ));
    EXPECT_EQ(changed.handle, "lovelace");
    EXPECT_EQ(changed.display_name, "Countess");
    EXPECT_EQ(changed.avatar_url, "https://a/b");
    EXPECT_EQ(changed.status, away);
    EXPECT_THAT(this->find("count"), ElementsAre("lovelace"));
    EXPECT_THAT(this->find("love"), ElementsAre("lovelace"));
    EXPECT_TRUE(this->find("ada").empty());
    const auto known = this->caller(ada)->user;
    EXPECT_EQ(known.status, away);
    const auto told = this->told();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].display_name, "Countess");

    const std::optional<std::string> nothing;
    const std::optional<model::UserStatus> none;
    const auto cleared =
        this->expect(this->change_profile(ada, {.avatar_url = nothing, .status = none}));
    EXPECT_EQ(cleared.avatar_url, std::nullopt);
    EXPECT_EQ(cleared.status, std::nullopt);
    EXPECT_EQ(cleared.handle, "lovelace");
    EXPECT_EQ(this->told().size(), 1U);
}

TYPED_TEST_P(PeopleStoreContract, a_profile_that_stays_as_it_is_tells_nobody) {
    const auto ada = this->user("ada");
    this->expect(this->change_profile(ada, {.handle = "ada", .display_name = "Name of ada"}));
    EXPECT_TRUE(this->told().empty());
}

TYPED_TEST_P(PeopleStoreContract, a_taken_handle_is_a_conflict) {
    const auto ada = this->user("ada");
    this->user("bob");
    const auto refused = this->change_profile(ada, {.handle = "bob", .display_name = "Bob"});
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(this->caller(ada)->user.display_name, "Name of ada");
    EXPECT_TRUE(this->told().empty());
    const auto nobody = this->template make<model::UserId>();
    EXPECT_EQ(this->change_profile(nobody, {}).error().code, Errc::not_found);
}

TYPED_TEST_P(PeopleStoreContract, another_role_is_told_and_ends_what_is_open_but_no_sign_in) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto signed_in = this->sign_in(bob, 1);
    this->expect(this->change(bob, {.role = model::WorkspaceRole::admin}));
    EXPECT_EQ(this->caller(bob)->user.role, model::WorkspaceRole::admin);
    EXPECT_TRUE(this->caller(bob, signed_in)->signed_in);
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 1U);
    EXPECT_EQ(revoked[0].user, bob);
    EXPECT_FALSE(revoked[0].sign_in);
    EXPECT_EQ(revoked[0].reason, model::RevocationReason::role_changed);
    ASSERT_EQ(this->told().size(), 1U);
    this->expect(this->change(bob, {.role = model::WorkspaceRole::admin}));
    EXPECT_EQ(this->revoked().size(), 1U) << "the same again";
    EXPECT_TRUE(this->told().empty());

    this->invite(ada, 1);
    this->invite(bob, 2);
    this->expect(this->change(bob, {.role = model::WorkspaceRole::owner}));
    EXPECT_EQ(this->invites(), 2U);
    this->expect(this->change(bob, {.role = model::WorkspaceRole::admin}));
    EXPECT_EQ(this->invites(), 1U) << "an owner's may make admins";
    this->invite(bob, 3);
    this->expect(this->change(bob, {.role = model::WorkspaceRole::member}));
    EXPECT_EQ(this->invites(), 1U) << "whoever may not invite any more";
}

TYPED_TEST_P(PeopleStoreContract, what_a_role_allowed_is_refused_once_it_is_another) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto eve = this->user("eve");
    using enum model::WorkspaceRole;
    this->expect(this->change(bob, {.role = admin}));
    UserChange asked{this->workspace(), eve, {.role = guest}, this->now(), ActingUser{bob, owner}};
    const auto change = [&] { return this->run(this->people().change_user(asked, allow_user)); };
    EXPECT_EQ(change().error().code, Errc::forbidden);
    NewInvite made;
    made.workspace = this->workspace();
    made.code.fill(1);
    made.invite.id = this->template make<model::InviteId>();
    made.invite.created_by = bob;
    made.by = ActingUser{bob, owner};
    auto& invites = this->backend.stores().invites;
    EXPECT_EQ(this->run(invites.create(made, allow)).error().code, Errc::forbidden);
    asked.by->role = admin;
    this->expect(change());
    this->expect(this->change(bob, {.deactivated = true}));
    asked.change.role = member;
    EXPECT_EQ(change().error().code, Errc::forbidden);
    EXPECT_EQ(this->caller(eve)->user.role, guest);
    NewAccessToken token;
    token.user = bob;
    auto& tokens = this->backend.stores().access_tokens;
    EXPECT_EQ(this->run(tokens.create(token)).error().code, Errc::unauthenticated);
    EXPECT_EQ(this->caller(ada)->user.role, owner);
}

TYPED_TEST_P(PeopleStoreContract, a_bot_is_a_user_whom_no_password_and_no_token_of_a_handle_gets) {
    const auto ada = this->user("ada");
    const auto robot = this->make_bot("robot", ada);
    const auto bot = this->expect(robot);
    EXPECT_TRUE(bot.bot);
    EXPECT_EQ(bot.handle, "robot");
    EXPECT_EQ(bot.role, model::WorkspaceRole::guest);
    EXPECT_EQ(bot.avatar_url, "https://x.example/p");
    EXPECT_EQ(this->find("The r"), (typename TestFixture::Words{"robot"}));
    EXPECT_TRUE(this->caller(bot.id)->user.bot);
    EXPECT_FALSE(this->run(this->users().find_credentials("robot")));
    NewIdentity by_handle;
    by_handle.identity = {"banter", "handle:robot"};
    by_handle.workspace = this->workspace();
    by_handle.id = this->template make<model::UserId>();
    by_handle.handle = "robot";
    by_handle.bind_local_handle = true;
    EXPECT_NE(this->run(this->users().provision(by_handle))->user.id, bot.id);
    EXPECT_FALSE(this->caller(ada)->user.bot);
}

TYPED_TEST_P(PeopleStoreContract, a_bots_handle_is_free_and_its_maker_still_has_the_role) {
    const auto ada = this->user("ada");
    EXPECT_EQ(this->make_bot("ada", ada).error().code, Errc::conflict);
    this->expect(this->change(this->user("bob"), {.role = model::WorkspaceRole::owner}));
    this->expect(this->change(ada, {.role = model::WorkspaceRole::member}));
    EXPECT_EQ(this->make_bot("robot", ada).error().code, Errc::forbidden);
    EXPECT_TRUE(this->bots().items.empty());
}

TYPED_TEST_P(PeopleStoreContract, bots_are_listed_newest_first_by_pages) {
    const auto ada = this->user("ada");
    std::vector<model::UserId> made;
    for (const char* handle : {"b1", "b2", "b3"}) {
        this->backend.clock().advance(std::chrono::milliseconds(1));
        made.insert(made.begin(), this->expect(this->make_bot(handle, ada)).id);
    }
    this->expect(this->change(made[1], {.deactivated = true}));
    std::vector<model::UserId> listed;
    model::PageRequest request{.limit = 2};
    for (int pages = 0; pages < 2; ++pages) {
        const auto page = this->bots(request);
        for (const auto& bot : page.items) listed.push_back(bot.id);
        request.cursor = page.next;
    }
    EXPECT_FALSE(request.cursor);
    EXPECT_EQ(listed, made);
    request.cursor = "none";
    EXPECT_TRUE(this->bots(request).items.empty());
}

TYPED_TEST_P(PeopleStoreContract, a_deactivated_user_has_no_access_until_it_is_given_back) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto adas = this->sign_in(ada, 1);
    const auto bobs = this->sign_in(bob, 2);
    const auto token = this->token(bob, 3);
    this->invite(bob, 4);
    const auto changed = this->expect(this->change(bob, {.deactivated = true}));
    EXPECT_EQ(changed.deactivated_at, this->now());
    EXPECT_FALSE(this->caller(bob, bobs)->signed_in);
    EXPECT_TRUE(this->caller(bob)->user.deactivated_at);
    EXPECT_FALSE(this->counts(token));
    EXPECT_EQ(this->invites(), 0U);
    EXPECT_TRUE(this->caller(ada, adas)->signed_in);
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 1U);
    EXPECT_EQ(revoked[0].user, bob);
    EXPECT_EQ(revoked[0].reason, model::RevocationReason::deactivated);
    EXPECT_EQ(this->told().size(), 1U);
    NewSignIn late;
    late.id = this->template make<model::SignInId>();
    late.user = bob;
    late.secret.fill(9);
    late.expires_at = this->now() + std::chrono::hours(1);
    EXPECT_FALSE(this->run(this->sign_ins().create(late))) << "one that was under way";

    EXPECT_FALSE(this->expect(this->change(bob, {.deactivated = false})).deactivated_at);
    EXPECT_FALSE(this->counts(token)) << "what ended stays over";
    EXPECT_TRUE(this->run(this->sign_ins().create(late)));
    EXPECT_EQ(this->revoked().size(), 1U);
}

TYPED_TEST_P(PeopleStoreContract, the_rule_sees_whether_the_user_is_the_last_owner) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    std::vector<bool> last;
    const auto ask = [&](model::UserId user) {
        auto rule = [&](const model::UserState& state) -> std::optional<Error> {
            last.push_back(state.is_last_owner);
            return Error{Errc::conflict, "no"};
        };
        const UserChange asked{
            this->workspace(), user, {.role = model::WorkspaceRole::guest}, this->now()};
        EXPECT_EQ(this->run(this->people().change_user(asked, rule)).error().code, Errc::conflict);
    };
    ask(ada);
    ask(bob);
    this->expect(this->change(bob, {.role = model::WorkspaceRole::owner}));
    ask(ada);
    ask(bob);
    EXPECT_EQ(last, (std::vector{true, false, false, false}));
    EXPECT_EQ(this->caller(ada)->user.role, model::WorkspaceRole::owner) << "refused";
    const auto nobody = this->template make<model::UserId>();
    EXPECT_EQ(this->change(nobody, {}).error().code, Errc::not_found);
}

REGISTER_TYPED_TEST_SUITE_P(
    PeopleStoreContract,
    users_are_found_by_the_beginning_of_a_handle_or_of_a_word,
    what_is_found_comes_in_pages_each_user_once,
    the_deactivated_are_found_by_those_who_are_shown_them,
    whoever_is_to_find_only_the_acquainted_finds_no_others,
    a_search_that_finds_few_ends_its_page_and_goes_on_with_the_next,
    a_profile_changes_in_what_is_given_and_is_found_by_it,
    a_profile_that_stays_as_it_is_tells_nobody,
    a_taken_handle_is_a_conflict,
    another_role_is_told_and_ends_what_is_open_but_no_sign_in,
    what_a_role_allowed_is_refused_once_it_is_another,
    a_bot_is_a_user_whom_no_password_and_no_token_of_a_handle_gets,
    a_bots_handle_is_free_and_its_maker_still_has_the_role,
    bots_are_listed_newest_first_by_pages,
    a_deactivated_user_has_no_access_until_it_is_given_back,
    the_rule_sees_whether_the_user_is_the_last_owner
);

}  // namespace banter::storage
