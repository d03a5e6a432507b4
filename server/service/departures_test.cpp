// Deleting an account, and what goes with it bit by bit.
#include "service/departures.hpp"

#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;

std::optional<Errc> remove_account(
    World& world,
    Caller caller,
    std::optional<std::string> secret,
    bool erase = false
) {
    DeleteAccount request{erase, std::move(secret)};
    const auto refused =
        world.run(world->accounts.delete_account(caller, std::move(request), device));
    return refused ? std::optional(refused->code) : std::nullopt;
}

TEST(DeleteAccount, needs_the_password_of_an_account_that_has_one) {
    World world;
    enroll(world, person("owner")).value();
    const auto ada = enroll(world, person("ada")).value();
    const Caller caller = world.sign_in(ada.token).caller;
    EXPECT_EQ(remove_account(world, caller, std::nullopt), Errc::bad_request);
    EXPECT_EQ(remove_account(world, caller, "wrong"), Errc::bad_credentials);
    EXPECT_EQ(remove_account(world, caller, password), std::nullopt);
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(ada.token))), Errc::unauthenticated);
    EXPECT_EQ(code_of(log_in(world, "ada")), Errc::bad_credentials);
    EXPECT_EQ(code_of(refresh(world, ada.refresh_secret)), Errc::unauthenticated);
    EXPECT_TRUE(enroll(world, person("ada"))) << "the handle is free";

    const Caller bot = world.caller("bot");
    EXPECT_EQ(remove_account(world, bot, std::nullopt), std::nullopt) << "has no password";
    world.clock.advance(1s);
    EXPECT_NE(world.caller("bot").user, bot.user) << "the next token makes another user";
}

TEST(DeleteAccount, guesses_are_counted_with_attempts_to_log_in) {
    World world;
    enroll(world, person("owner")).value();
    const Caller ada = world.sign_in(enroll(world, person("ada"))->token).caller;
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(remove_account(world, ada, "wrong"), Errc::bad_credentials);
    EXPECT_EQ(remove_account(world, ada, password), Errc::rate_limited);
}

TEST(DeleteAccount, is_not_for_the_last_owner_nor_for_an_access_token) {
    World world;
    Caller owner = world.sign_in(enroll(world, person("owner"))->token).caller;
    EXPECT_EQ(remove_account(world, owner, password), Errc::conflict);
    EXPECT_TRUE(log_in(world, "owner"));
    owner.by_access_token = true;
    EXPECT_EQ(remove_account(world, owner, password), Errc::forbidden);
}

TEST(Departure, leaves_no_more_than_500_tombstones_in_a_second) {
    World world;
    const Caller owner = world.sign_in(enroll(world, person("owner"))->token).caller;
    const Caller ada = world.caller("ada");
    const auto thread = world.channel(owner, "general");
    world.join(ada, thread);
    // Two steps' worth, and no more than one may send at once.
    for (int i = 0; i < 90; ++i) world.send(ada, thread, "said");
    ASSERT_EQ(remove_account(world, ada, std::nullopt, true), std::nullopt);
    std::vector<std::size_t> steps;
    const auto erased = [&] {
        std::size_t count = 0;
        const auto page =
            world.run(world->messages.history(owner, thread, storage::Newest{}, 200)).value();
        for (const auto& message : page.messages) count += message.deleted_at ? 1 : 0;
        return count;
    };
    std::size_t before = 0;
    while (world.run(world->departures.go_on())) {
        steps.push_back(erased() - before);
        before = erased();
    }
    EXPECT_EQ(before, 90U);
    const auto per_second = 1s / Departures::between_steps;
    for (const std::size_t step : steps) EXPECT_LE(step * per_second, 500U);
}

TEST(Departure, of_nobody_does_nothing) {
    World world;
    EXPECT_FALSE(world.run(world->departures.go_on()));
}

}  // namespace
}  // namespace banter::service
