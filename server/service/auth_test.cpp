// Who a token's bearer is: found, made at the first use, or refused.
#include "service/auth.hpp"

#include "service/identities.hpp"
#include "service/testing/other_issuer.hpp"
#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;

Granted registered(World& world, const std::string& handle) {
    return world.run(world->registration.register_account(person(handle), device)).value();
}

std::optional<Errc> refused(World& world, std::string token) {
    return code_of(world.run(world->auth.sign_in(std::move(token))));
}

TEST(Auth, a_handle_without_a_user_becomes_one_at_the_first_use_and_stays_the_same) {
    World world;
    const SignedIn first = world.sign_in(world.token("handle:ada"));
    EXPECT_EQ(first.user.handle, "ada");
    EXPECT_EQ(first.user.display_name, "ada");
    EXPECT_EQ(first.caller.user, first.user.id);
    EXPECT_EQ(first.caller.workspace, world.installation().workspace.id);
    EXPECT_EQ(first.caller.sign_in, std::nullopt);
    EXPECT_EQ(world.sign_in(world.token("handle:ada")).user.id, first.user.id);
    EXPECT_NE(world.sign_in(world.token("handle:bob")).user.id, first.user.id);
}

TEST(Auth, two_first_uses_of_a_handle_at_once_make_one_user) {
    World world;
    std::vector<Task<Result<SignedIn>>> both;
    both.push_back(world->auth.sign_in(world.token("handle:ada")));
    both.push_back(world->auth.sign_in(world.token("handle:ada")));
    const auto results = world.run_all(std::move(both));
    EXPECT_EQ(results[0]->user.id, results[1]->user.id);
    EXPECT_EQ(results[0]->user.handle, "ada");
}

TEST(Auth, a_handle_names_the_local_account_that_registered_it) {
    World world;
    const Granted granted = registered(world, "ada");
    EXPECT_EQ(world.sign_in(world.token("handle:ada")).user.id, granted.user.id);
}

TEST(Auth, a_registered_users_token_carries_its_sign_in_and_role) {
    World world;
    const Granted granted = registered(world, "ada");
    const SignedIn ada = world.sign_in(granted.token);
    EXPECT_EQ(ada.user.id, granted.user.id);
    EXPECT_NE(ada.caller.sign_in, std::nullopt);
    EXPECT_EQ(ada.caller.role, model::WorkspaceRole::owner);
    EXPECT_EQ(ada.caller.token_expires_at, granted.token_expires_at);
}

TEST(Auth, a_token_whose_sign_in_is_over_is_refused_before_it_expires) {
    World world;
    const Granted granted = registered(world, "ada");
    world.run(world->sign_ins.log_out(granted.refresh_secret));
    EXPECT_EQ(refused(world, granted.token), Errc::unauthenticated);
}

TEST(Auth, genuine_tokens_that_name_nobody_are_refused) {
    World world;
    const Granted ada = registered(world, "ada");
    const Granted bob = registered(world, "bob");
    const auto sign_in = world.sign_in(ada.token).caller.sign_in;
    const std::string id = ada.user.id.text();
    EXPECT_EQ(refused(world, world.token(id)), Errc::unauthenticated) << "no sign-in";
    EXPECT_EQ(refused(world, world.token(bob.user.id.text(), sign_in)), Errc::unauthenticated)
        << "another's";
    EXPECT_EQ(refused(world, world.token(sign_in->text(), sign_in)), Errc::unauthenticated)
        << "no such user";
    EXPECT_EQ(refused(world, world.token("handle:ada", sign_in)), Errc::unauthenticated);
    for (const char* subject :
         {"ada",
          "handle:",
          "handle:a",
          "handle:Ada",
          "handle:a b",
          "handle:../ada",
          "Handle:ada",
          "handle:abcdefghijklmnopqrstuvwxyz0123456789"}) {
        EXPECT_EQ(refused(world, world.token(subject)), Errc::unauthenticated) << subject;
    }
    EXPECT_EQ(refused(world, world.token(id, sign_in)), std::nullopt);
}

TEST(Auth, a_deleted_user_is_refused_however_it_comes) {
    World world;
    const Granted ada = registered(world, "ada");
    const Caller caller = world.sign_in(ada.token).caller;
    world.caller("bob");
    world.sql("UPDATE users SET deleted_at = 4102444800000");  // after all tokens
    EXPECT_EQ(refused(world, ada.token), Errc::unauthenticated);
    EXPECT_EQ(refused(world, world.token("handle:bob")), Errc::unauthenticated);
    EXPECT_EQ(code_of(world.run(world->auth.refresh(caller, ada.token))), Errc::unauthenticated);
    Login login{.handle = "ada", .password = "correct horse", .device = device};
    EXPECT_EQ(code_of(world.run(world->accounts.log_in(std::move(login)))), Errc::bad_credentials);
    const auto renewed = world.run(world->sign_ins.refresh(ada.refresh_secret));
    EXPECT_EQ(code_of(renewed), Errc::unauthenticated);
}

TEST(Auth, a_role_is_what_the_database_says_at_each_sign_in) {
    World world;
    world.caller("ada");
    world.sql("UPDATE users SET role = 1");
    EXPECT_EQ(world.caller("ada").role, model::WorkspaceRole::admin);
}

TEST(Auth, what_is_no_token_is_refused) {
    World world;
    EXPECT_EQ(refused(world, ""), Errc::unauthenticated);
    EXPECT_EQ(refused(world, "nonsense"), Errc::unauthenticated);
    const std::string token = world.token("handle:ada");
    world.clock.advance(25h);
    EXPECT_EQ(refused(world, token), Errc::unauthenticated);
}

TEST(Auth, a_user_of_another_issuer_is_made_from_the_claims) {
    World world;
    world.issuers.add(OtherIssuer::issuer());
    const auto user = [&](const std::string& claims) {
        return world.sign_in(OtherIssuer::token(world, claims)).user;
    };
    const auto ada = user(R"("sub":"u1","username":"Ada","name":"Ada Lovelace")");
    EXPECT_EQ(ada.handle, "ada");
    EXPECT_EQ(ada.display_name, "Ada Lovelace");
    EXPECT_EQ(user(R"("sub":"u1","username":"renamed")").id, ada.id);
    EXPECT_EQ(user(R"("sub":"u2","name":"Grace Hopper")").handle, "grace-hopper");
    EXPECT_EQ(user(R"("sub":"u3","username":"ada")").handle, "ada-2");
    EXPECT_EQ(user(R"("sub":"u4")").handle, "user");
    EXPECT_EQ(user(R"("sub":"u5","username":"é")").handle, "user-2");
    EXPECT_EQ(user(R"("sub":"u6","username":"x")").handle, "user-3");
    EXPECT_EQ(user(R"("sub":"u7","name":"  ")").display_name, "User u7");
    EXPECT_EQ(user(R"("sub":"user_2def")").display_name, "User 2def");
    EXPECT_EQ(user(R"("sub":"\u00e9\u20ac")").display_name, "User");
    EXPECT_EQ(
        user(R"("sub":"u8","username":"abcdefghijklmnopqrstuvwxyz0123456789")").handle,
        "abcdefghijklmnopqrstuvwxyz012345"
    );
}

TEST(Auth, a_user_of_another_issuer_is_never_a_local_one) {
    World world;
    world.issuers.add(OtherIssuer::issuer());
    const auto local = registered(world, "ada").user;
    const auto other =
        world.sign_in(OtherIssuer::token(world, R"("sub":"ada","username":"ada")")).user;
    EXPECT_NE(other.id, local.id);
    EXPECT_EQ(other.handle, "ada-2");
    // Nor does a local token reach the other issuer's user.
    EXPECT_NE(world.sign_in(world.token("handle:ada-2")).user.id, other.id);
    const auto claims = R"("sub":"handle:ada","username":"ada")";
    EXPECT_NE(world.sign_in(OtherIssuer::token(world, claims)).user.id, local.id);
}

TEST(Auth, a_session_that_has_ended_at_its_issuer_is_over_here_and_another_is_not) {
    World world;
    world.issuers.add(OtherIssuer::issuer());
    const std::string issuer = OtherIssuer::issuer().name;
    const auto token = [&](const std::string& who) { return OtherIssuer::token(world, who); };
    const SignedIn ada = world.sign_in(token(R"("sub":"ada","sid":"s")"));
    EXPECT_EQ(ada.caller.sign_in, session_of(issuer, "s"));
    for (const char* subject : {"ada", "eve"}) {
        storage::Hook hook;
        hook.id = subject;
        hook.workspace = ada.caller.workspace;
        hook.identity = {issuer, subject};
        hook.says =
            storage::SessionEnd{session_of(issuer, subject == std::string("ada") ? "s" : "e")};
        hook.now = world.clock.now();
        EXPECT_TRUE(world.run(world->storage.hooks.take(std::move(hook))));
    }
    EXPECT_EQ(refused(world, token(R"("sub":"ada","sid":"s")")), Errc::unauthenticated);
    EXPECT_EQ(refused(world, token(R"("sub":"eve","sid":"e")")), Errc::unauthenticated);
    EXPECT_EQ(world.sign_in(token(R"("sub":"ada","sid":"t")")).user.id, ada.user.id);
    EXPECT_EQ(world.sign_in(token(R"("sub":"ada")")).user.id, ada.user.id);
    world.await_revocations(1);
    ASSERT_EQ(world.revocations.size(), 1U) << "of eve nobody knows";
    EXPECT_TRUE(is_ended_by(ada.caller, world.revocations[0]));
    EXPECT_FALSE(
        is_ended_by(world.sign_in(token(R"("sub":"ada","sid":"t")")).caller, world.revocations[0])
    );
}

TEST(AuthRefresh, a_newer_token_of_the_same_sign_in_moves_the_expiry) {
    World world;
    const Granted granted = registered(world, "ada");
    const Caller caller = world.sign_in(granted.token).caller;
    world.clock.advance(10min);
    const auto renewed = world.run(world->sign_ins.refresh(granted.refresh_secret)).value();
    const auto refreshed = world.run(world->auth.refresh(caller, renewed.token));
    ASSERT_TRUE(refreshed);
    EXPECT_EQ(refreshed->user, caller.user);
    EXPECT_EQ(refreshed->token_identity, caller.token_identity);
    EXPECT_EQ(refreshed->token_expires_at, caller.token_expires_at + 10min);
}

TEST(AuthRefresh, a_token_of_another_subject_sign_in_or_issuer_is_refused) {
    World world;
    world.issuers.add(OtherIssuer::issuer());
    const Granted ada = registered(world, "ada");
    const Granted bob = registered(world, "bob");
    Login login{.handle = "ada", .password = "correct horse", .device = device};
    const Granted again = world.run(world->accounts.log_in(std::move(login))).value();
    const Caller caller = world.sign_in(ada.token).caller;
    const std::string other = OtherIssuer::token(world, "\"sub\":\"" + ada.user.id.text() + "\"");
    for (const std::string& token :
         {bob.token, again.token, world.token("handle:ada"), other, std::string()}) {
        EXPECT_EQ(code_of(world.run(world->auth.refresh(caller, token))), Errc::unauthenticated);
    }
    EXPECT_TRUE(world.run(world->auth.refresh(caller, ada.token)));
}

TEST(AuthRefresh, a_sign_in_that_is_over_is_not_refreshed) {
    World world;
    const Granted granted = registered(world, "ada");
    const Caller caller = world.sign_in(granted.token).caller;
    world.run(world->sign_ins.log_out(granted.refresh_secret));
    EXPECT_EQ(
        code_of(world.run(world->auth.refresh(caller, granted.token))), Errc::unauthenticated
    );
}

TEST(AuthRefresh, identities_differ_wherever_two_tokens_differ_in_who_they_are_for) {
    World world;
    world.issuers.add(OtherIssuer::issuer());
    std::set<std::uint64_t> seen;
    for (const char* claims :
         {R"("sub":"a")",
          R"("sub":"b")",
          R"("sub":"a","sid":"s")",
          R"("sub":"a","sid":"t")",
          R"("sub":"a","o":{"id":"org_1"})",
          R"("sub":"a","o":{"id":"org_2"})",
          R"("sub":"a","act":{"sub":"boss"})",
          R"("sub":"a","act":{"sub":"other boss"})",
          R"("sub":"as")"}) {
        const auto caller = world.sign_in(OtherIssuer::token(world, claims)).caller;
        EXPECT_TRUE(seen.insert(caller.token_identity).second) << claims;
    }
}

}  // namespace
}  // namespace banter::service
