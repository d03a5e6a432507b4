// How refresh secrets rotate, and how sign-ins are shown and ended.
#include "service/sign_ins.hpp"

#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(Refresh, a_secret_is_traded_for_a_token_and_the_next_secret) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    world.clock.advance(20min);
    const auto second = refresh(world, first.refresh_secret);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->user.id, first.user.id);
    EXPECT_EQ(second->token_expires_at, world.clock.now() + 15min);
    EXPECT_NE(second->refresh_secret, first.refresh_secret);
    EXPECT_EQ(second->refresh_secret.size(), 43U);
    EXPECT_EQ(
        world.sign_in(second->token).caller.token_identity,
        world.sign_in(refresh(world, second->refresh_secret)->token).caller.token_identity
    );
}

TEST(Refresh, whose_answer_is_lost_gives_the_same_secret_again_for_ten_seconds) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    const auto lost = refresh(world, first.refresh_secret).value();
    world.clock.advance(10s);
    const auto again = refresh(world, first.refresh_secret);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->refresh_secret, lost.refresh_secret);
    EXPECT_TRUE(world.run(world->auth.sign_in(again->token)));
    EXPECT_TRUE(refresh(world, lost.refresh_secret));
}

TEST(Refresh, a_secret_presented_after_ten_seconds_ends_the_sign_in) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    const auto elsewhere = log_in(world, "ada").value();
    const auto second = refresh(world, first.refresh_secret).value();
    ASSERT_TRUE(world.run(world->auth.sign_in(second.token)));
    world.clock.advance(11s);
    EXPECT_EQ(code_of(refresh(world, first.refresh_secret)), Errc::unauthenticated);
    EXPECT_EQ(code_of(refresh(world, second.refresh_secret)), Errc::unauthenticated);
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(second.token))), Errc::unauthenticated);
    EXPECT_TRUE(refresh(world, elsewhere.refresh_secret)) << "another sign-in of the same user";
}

TEST(Refresh, a_secret_from_before_the_last_two_ends_the_sign_in) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    const auto second = refresh(world, first.refresh_secret).value();
    const auto third = refresh(world, second.refresh_secret).value();
    const auto again = refresh(world, first.refresh_secret);
    ASSERT_TRUE(again) << "within the grace of its own rotation";
    EXPECT_EQ(again->refresh_secret, "") << "the newer one is kept";
    world.clock.advance(11s);
    EXPECT_EQ(code_of(refresh(world, first.refresh_secret)), Errc::unauthenticated);
    EXPECT_EQ(code_of(refresh(world, third.refresh_secret)), Errc::unauthenticated);
}

TEST(Refresh, thirty_a_minute_are_taken_of_one_sign_in) {
    World world;
    auto granted = enroll(world, person("ada")).value();
    for (int i = 0; i < 30; ++i) granted = refresh(world, granted.refresh_secret).value();
    EXPECT_EQ(code_of(refresh(world, granted.refresh_secret)), Errc::rate_limited);
    EXPECT_EQ(code_of(refresh(world, std::string(43, 'A'))), Errc::unauthenticated);
    world.clock.advance(1min);
    EXPECT_TRUE(refresh(world, granted.refresh_secret)) << "what was refused used up no secret";
}

TEST(Refresh, after_the_servers_key_was_changed_a_secret_is_traded_only_once) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    ASSERT_TRUE(refresh(world, first.refresh_secret));
    const LocalIssuer other(LocalIssuer::make_key());
    SignIns sign_ins = world.sign_ins_of(other);
    const auto again = world.run(sign_ins.refresh(first.refresh_secret));
    ASSERT_TRUE(again) << "within the grace";
    EXPECT_EQ(again->refresh_secret, "");
    world.clock.advance(11s);
    EXPECT_EQ(code_of(world.run(sign_ins.refresh(first.refresh_secret))), Errc::unauthenticated);
}

TEST(Refresh, two_at_once_with_one_secret_rotate_it_once) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    std::vector<Task<Result<Granted>>> both;
    both.push_back(world->sign_ins.refresh(first.refresh_secret));
    both.push_back(world->sign_ins.refresh(first.refresh_secret));
    const auto results = world.run_all(std::move(both));
    ASSERT_TRUE(results[0] && results[1]);
    EXPECT_NE(results[0]->refresh_secret, first.refresh_secret);
    EXPECT_EQ(results[0]->refresh_secret, results[1]->refresh_secret);
}

TEST(Refresh, a_sign_in_that_is_not_refreshed_for_30_days_ends) {
    World world;
    auto granted = enroll(world, person("ada")).value();
    for (int i = 0; i < 3; ++i) {
        world.clock.advance(24h * 29);
        granted = refresh(world, granted.refresh_secret).value();
    }
    world.clock.advance(24h * 30 + 1s);
    EXPECT_EQ(code_of(refresh(world, granted.refresh_secret)), Errc::unauthenticated);
}

TEST(Refresh, what_is_no_secret_is_refused_the_same_way) {
    World world;
    const auto granted = enroll(world, person("ada")).value();
    const Error expected = refresh(world, std::string(43, 'A')).error();
    EXPECT_EQ(expected.code, Errc::unauthenticated);
    std::string changed = granted.refresh_secret;
    changed[0] = changed[0] == 'A' ? 'B' : 'A';
    for (const std::string& secret :
         {""s,
          "x"s,
          granted.refresh_secret + "A",
          granted.refresh_secret.substr(1),
          changed,
          std::string(1 << 20, 'A')}) {
        EXPECT_EQ(refresh(world, secret).error(), expected);
    }
}

TEST(LogOut, ends_the_sign_in_of_the_secret_and_no_other) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    const auto second = log_in(world, "ada").value();
    world.run(world->sign_ins.log_out(first.refresh_secret));
    EXPECT_EQ(code_of(refresh(world, first.refresh_secret)), Errc::unauthenticated);
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(first.token))), Errc::unauthenticated);
    EXPECT_TRUE(refresh(world, second.refresh_secret));
}

TEST(LogOut, with_an_unknown_or_malformed_secret_is_no_error) {
    World world;
    world.run(world->sign_ins.log_out(std::string(43, 'A')));
    world.run(world->sign_ins.log_out(""));
    world.run(world->sign_ins.log_out(std::string(1 << 20, 'A')));
}

model::Page<model::SignIn> listed(World& world, const Caller& caller) {
    return world.run(world->sign_ins.list(caller, {})).value();
}

TEST(ListSignIns, shows_ones_own_with_what_the_client_said_of_itself) {
    World world;
    const auto first = enroll(world, person("ada"), {"Firefox", "192.0.2.7"}).value();
    enroll(world, person("bob")).value();
    world.clock.advance(1min);
    log_in(world, "ada", password, {"curl", "2001:db8::7"}).value();
    const auto page = listed(world, world.sign_in(first.token).caller);
    ASSERT_EQ(page.items.size(), 2U);
    EXPECT_EQ(page.items[0].user_agent, "curl");
    EXPECT_EQ(page.items[0].address, "2001:db8::7");
    EXPECT_EQ(page.items[1].user_agent, "Firefox");
    EXPECT_EQ(page.items[1].id, world.sign_in(first.token).caller.sign_in);
}

TEST(ListSignIns, keeps_of_a_user_agent_what_is_text_and_not_too_long) {
    World world;
    char letter = 'a';
    const auto kept = [&](std::string user_agent) {
        const auto made =
            enroll(world, person(std::string(3, letter++)), {std::move(user_agent), "192.0.2.1"});
        return listed(world, world.sign_in(made->token).caller).items.at(0).user_agent;
    };
    EXPECT_EQ(kept(std::string(256, 'x')), std::string(256, 'x'));
    EXPECT_EQ(kept(std::string(255, 'x') + "\u00e9"), std::string(255, 'x'));
    EXPECT_EQ(kept(std::string(10'000, 'x')), std::string(256, 'x'));
    EXPECT_EQ(kept("no text \xff"), "");
    EXPECT_EQ(kept(""), "");
}

TEST(EndSignIn, ends_ones_own_and_knows_of_no_other) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    const auto second = log_in(world, "ada").value();
    const auto bob = enroll(world, person("bob")).value();
    const Caller ada = world.sign_in(first.token).caller;
    const auto end = [&](const std::string& token) {
        return world.run(world->sign_ins.end(ada, *world.sign_in(token).caller.sign_in));
    };
    const auto unknown = world.run(world->sign_ins.end(ada, model::SignInId{}));
    ASSERT_TRUE(unknown);
    EXPECT_EQ(unknown->code, Errc::not_found);
    EXPECT_EQ(end(bob.token), unknown);
    EXPECT_EQ(end(second.token), std::nullopt);
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(second.token))), Errc::unauthenticated);
    EXPECT_EQ(code_of(refresh(world, second.refresh_secret)), Errc::unauthenticated);
    EXPECT_EQ(end(first.token), std::nullopt) << "the one that asks";
    EXPECT_EQ(code_of(refresh(world, first.refresh_secret)), Errc::unauthenticated);
    EXPECT_TRUE(refresh(world, bob.refresh_secret));
}

}  // namespace
}  // namespace banter::service
