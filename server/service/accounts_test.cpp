// Local accounts: who may register, what logging in costs, how refresh secrets rotate.
#include "service/accounts.hpp"

#include "service/passwords.hpp"
#include "service/testing/world.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr auto password = "correct horse";

Registration person(std::string handle) {
    return {.handle = std::move(handle), .display_name = "Person", .password = password};
}

Result<Granted> enroll(World& world, Registration registration, std::string address = "192.0.2.1") {
    return world.run(world->accounts.register_account(std::move(registration), std::move(address)));
}

Result<Granted> log_in(
    World& world,
    std::string handle,
    std::string secret = password,
    std::string address = "192.0.2.1"
) {
    Login login{
        .handle = std::move(handle), .password = std::move(secret), .address = std::move(address)};
    return world.run(world->accounts.log_in(std::move(login)));
}

Result<Granted> refresh(World& world, std::string secret) {
    return world.run(world->accounts.refresh(std::move(secret)));
}

TEST(Register, the_first_user_is_the_owner_and_the_next_are_members) {
    World world;
    const auto ada = enroll(world, person("ada"));
    ASSERT_TRUE(ada) << ada.error().detail;
    EXPECT_EQ(ada->user.role, model::WorkspaceRole::owner);
    EXPECT_EQ(ada->user.handle, "ada");
    EXPECT_EQ(ada->user.display_name, "Person");
    EXPECT_EQ(enroll(world, person("bob"))->user.role, model::WorkspaceRole::member);
}

TEST(Register, what_is_granted_is_a_token_of_15_minutes_and_a_secret_of_32_bytes) {
    World world;
    const auto ada = enroll(world, person("ada")).value();
    const auto claims = world.issuers.verify(ada.token, world.clock.now()).value();
    EXPECT_EQ(claims.subject, ada.user.id.text());
    EXPECT_TRUE(claims.sign_in);
    EXPECT_EQ(claims.expires_at, ada.token_expires_at);
    EXPECT_EQ(ada.token_expires_at, world.clock.now() + 15min);
    EXPECT_EQ(ada.refresh_secret.size(), 43U);
    EXPECT_EQ(ada.refresh_expires_at, world.clock.now() + 24h * 30);
    EXPECT_NE(enroll(world, person("bob"))->refresh_secret, ada.refresh_secret);
}

TEST(Register, malformed_registrations_are_bad_requests_and_say_which_field) {
    World world;
    const auto detail = [&](std::string handle, std::string name, std::string secret) {
        const auto refused = enroll(world, {std::move(handle), std::move(name), std::move(secret)});
        return code_of(refused) == Errc::bad_request ? refused.error().detail : "accepted";
    };
    for (const std::string& handle :
         {""s, "a"s, "Ada"s, "a da"s, "\u00e9\u00e9"s, std::string(33, 'a')}) {
        EXPECT_TRUE(detail(handle, "Ada", password).starts_with("handle")) << handle;
    }
    for (const std::string& name : {""s, "  "s, "a\nb"s, "\xff"s, std::string(81, 'a'), "a\0b"s}) {
        EXPECT_TRUE(detail("ada", name, password).starts_with("displayName")) << name;
    }
    for (const std::string& secret :
         {""s,
          "1234567"s,
          std::string(1025, 'p'),
          "12345678\xff"s,
          "1234\0"
          "5678"s}) {
        EXPECT_TRUE(detail("ada", "Ada", secret).starts_with("password"));
    }
    EXPECT_EQ(detail("ada", "Ada", std::string(1024, 'p')), "accepted");
}

TEST(Register, a_taken_handle_is_a_conflict) {
    World world;
    ASSERT_TRUE(enroll(world, person("ada")));
    EXPECT_EQ(code_of(enroll(world, person("ada"))), Errc::conflict);
}

TEST(Register, two_at_once_get_a_handle_once_and_make_one_owner) {
    World world;
    std::vector<Task<Result<Granted>>> tasks;
    for (const char* handle : {"ada", "ada", "bob"}) {
        tasks.push_back(world->accounts.register_account(person(handle), "192.0.2.1"));
    }
    int owners = 0;
    int refused = 0;
    for (const auto& result : world.run_all(std::move(tasks))) {
        if (!result) ++refused;
        if (result && result->user.role == model::WorkspaceRole::owner) ++owners;
    }
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(owners, 1);
}

TEST(Register, who_may_depends_on_where_the_server_listens_and_whether_it_has_an_owner) {
    struct Row {
        bool loopback_only;
        SignUp sign_up;
        std::optional<Errc> first, second;
    };
    for (const Row& row :
         {Row{true, SignUp::open, std::nullopt, std::nullopt},
          Row{true, SignUp::invite, std::nullopt, Errc::forbidden},
          Row{true, SignUp::closed, std::nullopt, Errc::forbidden},
          Row{false, SignUp::open, Errc::setup_needed, Errc::setup_needed},
          Row{false, SignUp::invite, Errc::setup_needed, Errc::setup_needed},
          Row{false, SignUp::closed, Errc::setup_needed, Errc::setup_needed}}) {
        World world({.accounts = {.sign_up = row.sign_up, .loopback_only = row.loopback_only}});
        EXPECT_EQ(code_of(enroll(world, person("ada"))), row.first);
        EXPECT_EQ(code_of(enroll(world, person("bob"))), row.second);
    }
}

TEST(Register, one_address_makes_at_most_20_accounts_a_minute) {
    World world;
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(enroll(world, person("user" + std::to_string(i))));
    const auto refused = enroll(world, person("onemore"));
    EXPECT_EQ(code_of(refused), Errc::rate_limited);
    EXPECT_GT(refused.error().retry_after, 0ms);
    EXPECT_LE(refused.error().retry_after, 3s);
    EXPECT_TRUE(enroll(world, person("elsewhere"), "192.0.2.2"));
    world.clock.advance(3s);
    EXPECT_TRUE(enroll(world, person("onemore")));
}

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

TEST(LogIn, a_handle_gets_ten_attempts_a_minute_wherever_they_come_from) {
    World world;
    ASSERT_TRUE(enroll(world, person("ada")));
    for (int i = 0; i < 10; ++i) {
        const auto address = "192.0.2." + std::to_string(i);
        EXPECT_EQ(code_of(log_in(world, "ada", "wrong horse", address)), Errc::bad_credentials);
    }
    const auto before = password_verifications().value();
    const auto refused = log_in(world, "ada", password, "192.0.2.99");
    EXPECT_EQ(code_of(refused), Errc::rate_limited);
    EXPECT_GT(refused.error().retry_after, 0ms);
    EXPECT_LE(refused.error().retry_after, 6s);
    EXPECT_EQ(password_verifications().value(), before) << "refused without work";
    world.clock.advance(6s);
    EXPECT_TRUE(log_in(world, "ada", password, "192.0.2.99"));
}

TEST(LogIn, an_address_gets_ten_attempts_a_minute_whatever_handles_it_tries) {
    World world;
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(code_of(log_in(world, "user" + std::to_string(i))), Errc::bad_credentials);
    }
    EXPECT_EQ(code_of(log_in(world, "another")), Errc::rate_limited);
    EXPECT_EQ(code_of(log_in(world, "Not a handle")), Errc::rate_limited);
    EXPECT_EQ(code_of(log_in(world, "another", password, "192.0.2.2")), Errc::bad_credentials);
}

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

TEST(Refresh, a_used_secret_still_answers_within_its_grace_but_gives_no_other) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    const auto second = refresh(world, first.refresh_secret).value();
    world.clock.advance(9s);
    const auto again = refresh(world, first.refresh_secret);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->refresh_secret, "");
    EXPECT_TRUE(world.run(world->auth.sign_in(again->token)));
    EXPECT_TRUE(refresh(world, second.refresh_secret)) << "the newer one is still good";
}

TEST(Refresh, a_used_secret_presented_after_its_grace_ends_the_sign_in) {
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

TEST(Refresh, two_at_once_with_one_secret_rotate_it_once) {
    World world;
    const auto first = enroll(world, person("ada")).value();
    std::vector<Task<Result<Granted>>> both;
    both.push_back(world->accounts.refresh(first.refresh_secret));
    both.push_back(world->accounts.refresh(first.refresh_secret));
    const auto results = world.run_all(std::move(both));
    ASSERT_TRUE(results[0] && results[1]);
    EXPECT_NE(results[0]->refresh_secret.empty(), results[1]->refresh_secret.empty());
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
    world.run(world->accounts.log_out(first.refresh_secret));
    EXPECT_EQ(code_of(refresh(world, first.refresh_secret)), Errc::unauthenticated);
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(first.token))), Errc::unauthenticated);
    EXPECT_TRUE(refresh(world, second.refresh_secret));
}

TEST(LogOut, with_an_unknown_or_malformed_secret_is_no_error) {
    World world;
    world.run(world->accounts.log_out(std::string(43, 'A')));
    world.run(world->accounts.log_out(""));
    world.run(world->accounts.log_out(std::string(1 << 20, 'A')));
}

}  // namespace
}  // namespace banter::service
