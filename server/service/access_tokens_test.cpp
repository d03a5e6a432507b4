// Personal access tokens: made once, known everywhere, gone at once.
#include "service/access_tokens.hpp"

#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

Result<MadeAccessToken> make(
    World& world,
    Caller caller,
    std::string name = "a program",
    std::optional<Timestamp> expires_at = std::nullopt
) {
    CreateAccessToken request{std::move(name), expires_at};
    return world.run(world->access_tokens.create(caller, std::move(request)));
}

model::AccessToken only(World& world, const Caller& caller) {
    return world.run(world->access_tokens.list(caller, {})).value().items.at(0);
}

std::optional<Errc> refused(World& world, std::string token) {
    return code_of(world.run(world->auth.sign_in(std::move(token))));
}

TEST(AccessTokens, a_token_has_a_prefix_that_scanners_know_and_is_its_users) {
    World world;
    const Caller ada = world.caller("ada");
    const auto made = make(world, ada);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_TRUE(made->token.starts_with("banter_pat_"));
    EXPECT_EQ(made->token.size(), 11U + 43U);
    EXPECT_NE(make(world, ada)->token, made->token);
    const SignedIn by_token = world.sign_in(made->token);
    EXPECT_EQ(by_token.caller.user, ada.user);
    EXPECT_EQ(by_token.caller.sign_in, made->about.id);
    EXPECT_TRUE(by_token.caller.by_access_token);
    EXPECT_EQ(by_token.caller.token_expires_at, never);
    EXPECT_NE(world.run(world->access_tokens.list(ada, {}))->items.at(1).id, model::SignInId{});
}

TEST(AccessTokens, what_is_no_such_token_is_refused_the_same_way) {
    World world;
    const std::string token = make(world, world.caller("ada"))->token;
    const auto detail = [&](std::string text) {
        return world.run(world->auth.sign_in(std::move(text))).error();
    };
    std::string changed = token;
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    const Error expected = detail("banter_pat_" + std::string(43, 'A'));
    EXPECT_EQ(expected.code, Errc::unauthenticated);
    for (const std::string& text :
         {"banter_pat_"s, token + "A", token.substr(0, token.size() - 1), changed}) {
        EXPECT_EQ(detail(text), expected) << text;
    }
    EXPECT_EQ(refused(world, token.substr(11)), Errc::unauthenticated);
}

TEST(AccessTokens, one_that_expires_does_so_on_time) {
    World world;
    const Caller ada = world.caller("ada");
    const Timestamp soon = world.clock.now() + 1h;
    const std::string token = make(world, ada, "x", soon)->token;
    EXPECT_EQ(world.sign_in(token).caller.token_expires_at, soon);
    world.clock.advance(1h);
    EXPECT_EQ(refused(world, token), Errc::unauthenticated);
    EXPECT_EQ(code_of(make(world, ada, "x", world.clock.now())), Errc::bad_request);
}

TEST(AccessTokens, one_that_is_revoked_is_refused_and_nobody_revokes_anothers) {
    World world;
    const Caller ada = world.caller("ada");
    const auto made = make(world, ada).value();
    const auto end = [&](const Caller& caller) {
        return world.run(world->access_tokens.end(caller, made.about.id));
    };
    const auto strangers = end(world.caller("bob"));
    ASSERT_TRUE(strangers);
    EXPECT_EQ(strangers->code, Errc::not_found);
    EXPECT_FALSE(refused(world, made.token));
    EXPECT_EQ(end(ada), std::nullopt);
    EXPECT_EQ(refused(world, made.token), Errc::unauthenticated);
    EXPECT_EQ(end(ada), strangers);
}

TEST(AccessTokens, names_are_names) {
    World world;
    const Caller ada = world.caller("ada");
    for (const std::string& name : {""s, "  "s, "a\nb"s, std::string(81, 'x'), "\xff"s, "a\0b"s}) {
        EXPECT_EQ(code_of(make(world, ada, name)), Errc::bad_request);
    }
    EXPECT_TRUE(make(world, ada, std::string(80, 'x')));
}

TEST(AccessTokens, a_token_does_not_make_tokens) {
    World world;
    const auto made = make(world, world.caller("ada")).value();
    EXPECT_EQ(code_of(make(world, world.sign_in(made.token).caller)), Errc::forbidden);
}

TEST(AccessTokens, the_role_is_what_the_user_has_now) {
    World world;
    const auto made = make(world, world.caller("ada")).value();
    world.sql("UPDATE users SET role = 3");
    EXPECT_EQ(world.sign_in(made.token).caller.role, model::WorkspaceRole::guest);
    world.sql("UPDATE users SET deactivated_at = 1");
    EXPECT_EQ(refused(world, made.token), Errc::unauthenticated);
}

TEST(AccessTokens, their_use_is_noted_when_it_is_settled_and_once_a_minute) {
    World world;
    const Caller ada = world.caller("ada");
    const auto made = make(world, ada).value();
    const auto settle = [&] { world.run(world->access_tokens.settle_uses()); };
    const Timestamp first = world.clock.now();
    world.sign_in(made.token);
    settle();
    EXPECT_EQ(only(world, ada).last_used_at, first);
    world.clock.advance(30s);
    world.sign_in(made.token);
    settle();
    EXPECT_EQ(only(world, ada).last_used_at, first);
    world.clock.advance(30s);
    world.sign_in(made.token);
    settle();
    EXPECT_EQ(only(world, ada).last_used_at, first + 1min);
    EXPECT_EQ(refused(world, "banter_pat_" + std::string(43, 'A')), Errc::unauthenticated);
    settle();
}

TEST(AuthRefresh, an_access_token_renews_only_itself) {
    World world;
    const Caller ada = world.caller("ada");
    const std::string token = make(world, ada)->token;
    const Caller caller = world.sign_in(token).caller;
    EXPECT_TRUE(world.run(world->auth.refresh(caller, token)));
    const std::string other = make(world, ada)->token;
    for (const std::string& text : {other, world.token("handle:ada"), ""s}) {
        EXPECT_EQ(code_of(world.run(world->auth.refresh(caller, text))), Errc::unauthenticated);
    }
    EXPECT_EQ(code_of(world.run(world->auth.refresh(ada, token))), Errc::unauthenticated);
}

}  // namespace
}  // namespace banter::service
