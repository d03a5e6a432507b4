// Bots: made by owners and admins, and what their tokens are worth.
#include "service/bots.hpp"

#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::string_literals;

using model::Scope;
using model::WorkspaceRole;

model::Scopes within(std::initializer_list<Scope> list) {
    model::Scopes scopes;
    for (const auto scope : list) scopes.add(scope);
    return scopes;
}

/// An owner, an admin and a member.
struct Workshop : World {
    Workshop() {
        for (const char* handle : {"owner", "admin", "member"}) caller(handle);
        sql("UPDATE users SET role = 0 WHERE handle = 'owner'");
        sql("UPDATE users SET role = 1 WHERE handle = 'admin'");
    }

    Bots& bots() { return (*this)->bots; }

    Result<model::User> make(
        const std::string& by,
        WorkspaceRole role = WorkspaceRole::member,
        std::string handle = "robot"
    ) {
        CreateBot request{std::move(handle), "The robot", std::nullopt, role};
        return run(bots().create(caller(by), std::move(request)));
    }
    Result<MadeAccessToken> token(
        const std::string& by,
        model::UserId bot,
        model::Scopes scopes = within({Scope::read})
    ) {
        CreateAccessToken request{.name = "x", .expires_at = std::nullopt, .scopes = scopes};
        return run(bots().create_token(caller(by), bot, std::move(request)));
    }
};

TEST(Bots, are_users_of_the_workspace_who_sign_in_by_their_tokens_alone) {
    Workshop world;
    const auto bot = world.make("admin");
    ASSERT_TRUE(bot) << bot.error().detail;
    EXPECT_TRUE(bot->bot);
    EXPECT_EQ(bot->role, WorkspaceRole::member);
    EXPECT_NE(world.caller("robot").user, bot->id) << "a token of the handle is of another";
    EXPECT_EQ(code_of(log_in(world, "robot", "")), Errc::bad_credentials);
    const auto scopes = within({Scope::read, Scope::write});
    const auto made = world.token("owner", bot->id, scopes);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_TRUE(made->token.starts_with("banter_bot_"));
    const Caller caller = world.sign_in(made->token).caller;
    EXPECT_EQ(caller.user, bot->id);
    EXPECT_EQ(caller.scopes, scopes);
    EXPECT_TRUE(caller.by_access_token);
    EXPECT_EQ(world.caller("member").scopes, std::nullopt);
}

TEST(Bots, are_made_by_nobody_but_owners_and_admins) {
    Workshop world;
    EXPECT_EQ(code_of(world.make("member")), Errc::forbidden);
    EXPECT_EQ(code_of(world.make("admin", WorkspaceRole::admin)), Errc::forbidden);
    EXPECT_EQ(code_of(world.make("owner", WorkspaceRole::owner)), Errc::forbidden);
    const auto bot = world.make("owner", WorkspaceRole::admin);
    ASSERT_TRUE(bot) << bot.error().detail;
    EXPECT_EQ(code_of(world.run(world.bots().list(world.caller("member"), {}))), Errc::forbidden);
    EXPECT_EQ(world.run(world.bots().list(world.caller("admin"), {}))->items.size(), 1U);
    EXPECT_EQ(code_of(world.token("member", bot->id)), Errc::forbidden);
    const auto whole = within({Scope::read, Scope::write, Scope::threads, Scope::admin});
    const Caller as_bot = world.sign_in(world.token("owner", bot->id, whole)->token).caller;
    CreateBot another{"other", "Other", std::nullopt, WorkspaceRole::guest};
    EXPECT_EQ(code_of(world.run(world.bots().create(as_bot, another))), Errc::forbidden);
}

TEST(Bots, have_names_as_people_do) {
    Workshop world;
    EXPECT_TRUE(world.make("owner"));
    EXPECT_EQ(code_of(world.make("owner")), Errc::conflict) << "taken";
    EXPECT_EQ(code_of(world.make("owner", WorkspaceRole::guest, "member")), Errc::conflict);
    for (const std::string& handle : {""s, "R"s, "robot one"s, "a\0b"s}) {
        EXPECT_EQ(code_of(world.make("owner", WorkspaceRole::guest, handle)), Errc::bad_request);
    }
    CreateBot pictured{"pictured", "P", "http://x.example/p", WorkspaceRole::guest};
    const Caller owner = world.caller("owner");
    EXPECT_EQ(code_of(world.run(world.bots().create(owner, pictured))), Errc::bad_request);
    pictured.avatar_url = "https://x.example/" + std::string(2'048, 'p');
    EXPECT_EQ(code_of(world.run(world.bots().create(owner, pictured))), Errc::too_large);
    pictured.avatar_url = "https://x.example/p";
    const auto bot = world.run(world.bots().create(owner, pictured));
    EXPECT_EQ(bot->avatar_url, pictured.avatar_url);
    model::ProfileChange change{.handle = "renamed"};
    EXPECT_EQ(world.run(world.bots().change_profile(owner, bot->id, change))->handle, "renamed");
    const Caller member = world.caller("member");
    const auto refused = world.run(world.bots().change_profile(member, bot->id, change));
    EXPECT_EQ(code_of(refused), Errc::forbidden);
}

TEST(Bots, a_person_is_no_bot) {
    Workshop world;
    const Caller owner = world.caller("owner");
    const model::UserId member = world.caller("member").user;
    EXPECT_EQ(code_of(world.token("owner", member)), Errc::not_found);
    const auto tokens = world.run(world.bots().list_tokens(owner, member, {}));
    EXPECT_EQ(code_of(tokens), Errc::not_found);
    const auto changed = world.run(world.bots().change_profile(owner, member, {.handle = "mine"}));
    EXPECT_EQ(code_of(changed), Errc::not_found);
    CreateAccessToken own{"own", std::nullopt};
    const auto made = world.run(world->access_tokens.create(world.caller("member"), own));
    const auto ended = world.run(world.bots().end_token(owner, member, made->about.id));
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->code, Errc::not_found);
    EXPECT_NO_THROW(world.sign_in(made->token));
}

TEST(Bots, a_token_counts_until_it_is_revoked_or_the_bot_deactivated) {
    Workshop world;
    const auto bot = world.make("owner")->id;
    const Caller owner = world.caller("owner");
    EXPECT_EQ(code_of(world.token("owner", bot, {})), Errc::bad_request) << "no scope";
    const auto first = world.token("owner", bot).value();
    const auto second = world.token("admin", bot).value();
    const auto refused = [&](const MadeAccessToken& token) {
        return code_of(world.run(world->auth.sign_in(token.token)));
    };
    const auto listed = world.run(world.bots().list_tokens(owner, bot, {})).value();
    ASSERT_EQ(listed.items.size(), 2U);
    EXPECT_EQ(listed.items[0].scopes, within({Scope::read}));
    EXPECT_EQ(world.run(world.bots().end_token(owner, bot, first.about.id)), std::nullopt);
    EXPECT_EQ(refused(first), Errc::unauthenticated);
    EXPECT_EQ(refused(second), std::nullopt);
    const model::UserChange out{.role = std::nullopt, .deactivated = true};
    EXPECT_TRUE(world.run(world->users.change(owner, bot, out)));
    EXPECT_EQ(refused(second), Errc::unauthenticated);
    EXPECT_EQ(code_of(world.token("owner", bot)), Errc::conflict) << "deactivated";
}

TEST(Bots, a_token_of_the_other_kind_is_another) {
    Workshop world;
    const auto bot = world.make("owner")->id;
    std::string token = world.token("owner", bot)->token;
    token.replace(0, "banter_bot_"s.size(), "banter_pat_");
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(token))), Errc::unauthenticated);
}

}  // namespace
}  // namespace banter::service
