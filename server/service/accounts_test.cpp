// Local accounts: what logging in costs, how a password changes.
#include "service/accounts.hpp"

#include "service/passwords.hpp"
#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(LogIn, the_right_password_grants_a_sign_in_of_its_own) {
    World world;
    const auto registered = enroll(world, person("ada")).value();
    const auto granted = log_in(world, "ada");
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->user.id, registered.user.id);
    EXPECT_NE(granted->refresh_secret, registered.refresh_secret);
    const auto first = world.sign_in(registered.token).caller;
    const auto second = world.sign_in(granted->token).caller;
    EXPECT_EQ(first.user, second.user);
    EXPECT_NE(first.sign_in, second.sign_in);
}

TEST(LogIn, whatever_is_wrong_the_answer_and_the_work_are_the_same) {
    World world;
    ASSERT_TRUE(enroll(world, person("ada")));
    world.caller("tokenonly");  // has no password
    const Error expected = log_in(world, "ada", "wrong horse").error();
    EXPECT_EQ(expected.code, Errc::bad_credentials);
    struct Row {
        std::string handle, secret;
    };
    for (const Row& row :
         {Row{"ada", "wrong horse"},
          Row{"nobody", password},
          Row{"nobody", ""},
          Row{"ada", ""},
          Row{"Ada", password},
          Row{"", ""},
          Row{std::string(10'000, 'a'), password},
          Row{"tokenonly", ""},
          Row{"tokenonly", password},
          Row{"ada", std::string(1 << 20, 'p')},
          Row{"a\0b"s, "p\0q"s}}) {
        world.clock.advance(1min);
        const auto before = password_verifications().value();
        const auto refused = log_in(world, row.handle, row.secret);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error(), expected) << row.handle.substr(0, 40);
        EXPECT_EQ(password_verifications().value(), before + 1) << row.handle.substr(0, 40);
    }
}

TEST(LogIn, a_handle_gets_a_hundred_attempts_a_minute_wherever_they_come_from) {
    World world;
    ASSERT_TRUE(enroll(world, person("ada")));
    for (int i = 0; i < 100; ++i) {
        const auto address = "198.51.100." + std::to_string(i);
        EXPECT_EQ(code_of(log_in(world, "ada", "wrong horse", at(address))), Errc::bad_credentials);
    }
    const auto before = password_verifications().value();
    const auto refused = log_in(world, "ada", password, at("192.0.2.99"));
    EXPECT_EQ(code_of(refused), Errc::rate_limited);
    EXPECT_GT(refused.error().retry_after, 0ms);
    EXPECT_LE(refused.error().retry_after, 600ms);
    EXPECT_EQ(password_verifications().value(), before) << "refused without work";
    world.clock.advance(600ms);
    EXPECT_TRUE(log_in(world, "ada", password, at("192.0.2.99")));
}

TEST(LogIn, an_address_gets_ten_attempts_a_minute_whatever_handles_it_tries) {
    World world;
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(code_of(log_in(world, "user" + std::to_string(i))), Errc::bad_credentials);
    }
    EXPECT_EQ(code_of(log_in(world, "another")), Errc::rate_limited);
    EXPECT_EQ(code_of(log_in(world, "Not a handle")), Errc::rate_limited);
    EXPECT_EQ(code_of(log_in(world, "another", password, at("192.0.2.2"))), Errc::bad_credentials);
}

Result<Granted> change(
    World& world,
    Caller caller,
    std::string old_password,
    std::string new_password = "a new one"
) {
    PasswordChange asked{std::move(old_password), std::move(new_password)};
    return world.run(world->accounts.change_password(caller, std::move(asked), device));
}

TEST(ChangePassword, keeps_this_sign_in_with_a_new_token_and_ends_the_others) {
    World world;
    const auto here = enroll(world, person("ada")).value();
    const auto elsewhere = log_in(world, "ada").value();
    world.clock.advance(1min);
    const auto changed = change(world, world.sign_in(here.token).caller, password);
    ASSERT_TRUE(changed) << changed.error().detail;
    EXPECT_EQ(changed->user.id, here.user.id);
    EXPECT_EQ(changed->refresh_secret, "") << "the cookie stays";
    EXPECT_EQ(
        world.sign_in(changed->token).caller.token_identity,
        world.sign_in(here.token).caller.token_identity
    );
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(elsewhere.token))), Errc::unauthenticated);
    EXPECT_EQ(code_of(refresh(world, elsewhere.refresh_secret)), Errc::unauthenticated);
    EXPECT_TRUE(refresh(world, here.refresh_secret));
    EXPECT_EQ(code_of(log_in(world, "ada")), Errc::bad_credentials);
    EXPECT_TRUE(log_in(world, "ada", "a new one"));
}

TEST(ChangePassword, asked_with_a_token_made_offline_signs_in) {
    World world;
    const auto before = enroll(world, person("ada")).value();
    const auto changed = change(world, world.caller("ada"), password);
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->refresh_secret.size(), 43U);
    EXPECT_TRUE(world.sign_in(changed->token).caller.sign_in);
    EXPECT_EQ(code_of(refresh(world, before.refresh_secret)), Errc::unauthenticated);
}

TEST(ChangePassword, needs_the_old_one_and_a_new_one_that_is_none_too_short) {
    World world;
    const Caller ada = world.sign_in(enroll(world, person("ada"))->token).caller;
    EXPECT_EQ(code_of(change(world, ada, "not this one")), Errc::bad_credentials);
    EXPECT_EQ(code_of(change(world, ada, "")), Errc::bad_credentials);
    for (const std::string& secret : {""s, "1234567"s, std::string(1025, 'p'), "12345678\xff"s}) {
        const auto refused = change(world, ada, password, secret);
        EXPECT_EQ(code_of(refused), Errc::bad_request);
        EXPECT_TRUE(refused.error().detail.starts_with("new:"));
    }
    EXPECT_TRUE(log_in(world, "ada"));
    EXPECT_EQ(code_of(change(world, world.caller("bot"), "")), Errc::bad_credentials)
        << "has no password";
}

TEST(ChangePassword, attempts_are_counted_with_those_to_log_in) {
    World world;
    const Caller ada = world.sign_in(enroll(world, person("ada"))->token).caller;
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(code_of(change(world, ada, "wrong")), Errc::bad_credentials);
        EXPECT_EQ(code_of(log_in(world, "ada", "wrong")), Errc::bad_credentials);
    }
    EXPECT_EQ(code_of(change(world, ada, password)), Errc::rate_limited);
    EXPECT_EQ(code_of(log_in(world, "ada")), Errc::rate_limited);
    EXPECT_TRUE(log_in(world, "ada", password, at("192.0.2.8")))
        << "who is elsewhere is not locked out";
    world.clock.advance(1min);
    EXPECT_TRUE(change(world, ada, password));
}

TEST(ChangePassword, is_refused_to_a_personal_access_token) {
    World world;
    Caller ada = world.sign_in(enroll(world, person("ada"))->token).caller;
    ada.by_access_token = true;
    EXPECT_EQ(code_of(change(world, ada, password)), Errc::forbidden);
}

TEST(ChangePassword, of_two_at_once_one_counts) {
    World world;
    const Caller ada = world.sign_in(enroll(world, person("ada"))->token).caller;
    std::vector<Task<Result<Granted>>> both;
    for (const char* secret : {"the first one", "the second one"}) {
        both.push_back(world->accounts.change_password(ada, {password, secret}, device));
    }
    const auto results = world.run_all(std::move(both));
    EXPECT_NE(results[0].has_value(), results[1].has_value());
    EXPECT_EQ(log_in(world, "ada", "the first one").has_value(), results[0].has_value());
    EXPECT_EQ(log_in(world, "ada", "the second one").has_value(), results[1].has_value());
}

}  // namespace
}  // namespace banter::service
