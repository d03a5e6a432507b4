// What follows from each kind of event that Clerk tells of its users and sessions.
#include "service/clerk_hooks.hpp"

#include "service/identities.hpp"
#include "service/testing/clerk_world.hpp"

namespace banter::service {
namespace {

struct ClerkHooksTest : ::testing::Test {
    ClerkHooksTest()
        : hooks(rules, world->storage, world.installation(), world.clock, world->ids) {}

    void take(ClerkEvent event) {
        world.run(hooks.take(std::to_string(++count), std::move(event)));
    }
    std::optional<model::User> find(const std::string& subject = "user_1") {
        return user_of_clerk(world, subject);
    }
    static ClerkUser user(int at = 1) {
        ClerkUser user;
        user.subject = "user_1";
        user.first_name = "Ada";
        user.last_name = "Lovelace";
        user.username = "Ada_L";
        user.picture = "https://img.clerk.example/1";
        user.updated_at = Timestamp(std::chrono::seconds(at));
        return user;
    }

    World world;
    ClerkHookRules rules{clerk_issuer, std::nullopt};
    ClerkHooks hooks;
    int count = 0;
};

TEST_F(ClerkHooksTest, a_user_gets_the_names_and_the_picture_that_they_have_there) {
    take(user());
    const auto made = find();
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->handle, "ada_l");
    EXPECT_EQ(made->display_name, "Ada Lovelace");
    EXPECT_EQ(made->avatar_url, "https://img.clerk.example/1");
    EXPECT_EQ(made->role, model::WorkspaceRole::member);
}

TEST_F(ClerkHooksTest, what_is_not_there_or_is_none_is_done_without) {
    ClerkUser nameless = user();
    nameless.first_name = nameless.last_name = nameless.username = std::nullopt;
    nameless.picture = "http://img.clerk.example/1";
    take(nameless);
    EXPECT_EQ(find()->handle, "user");
    EXPECT_EQ(find()->display_name, "User");
    EXPECT_FALSE(find()->avatar_url);
    ClerkUser named = user(2);
    named.first_name = std::nullopt;
    named.username = "\xC3\x85";
    take(named);
    EXPECT_EQ(find()->handle, "user") << "nothing of the name can be a handle";
    EXPECT_EQ(find()->display_name, "Lovelace");
    named = user(3);
    named.first_name = std::string(100, 'x');
    take(named);
    EXPECT_EQ(find()->handle, "ada_l");
    EXPECT_EQ(find()->display_name, "Ada_L") << "the name is too long";
}

TEST_F(ClerkHooksTest, who_is_banned_is_deactivated_until_they_are_not) {
    take(user());
    ClerkUser banned = user(2);
    banned.banned = true;
    take(banned);
    EXPECT_TRUE(find()->deactivated_at);
    world.await_revocations(1);
    ASSERT_EQ(world.revocations.size(), 1U);
    take(user(3));
    EXPECT_FALSE(find()->deactivated_at);
}

TEST_F(ClerkHooksTest, who_is_deleted_there_is_deleted_here) {
    take(user());
    take(ClerkUserEnd{"user_1"});
    EXPECT_TRUE(find()->deleted_at);
    EXPECT_FALSE(find("user_2"));
}

TEST_F(ClerkHooksTest, a_session_that_ended_is_the_one_of_its_tokens) {
    take(user());
    take(ClerkSessionEnd{"user_1", "sess_1"});
    EXPECT_FALSE(find()->deactivated_at) << "only the session is over";
    world.await_revocations(1);
    ASSERT_EQ(world.revocations.size(), 1U);
    EXPECT_EQ(world.revocations[0].sign_in, session_of(clerk_issuer, "sess_1"));
    EXPECT_NE(session_of(clerk_issuer, "sess_1"), session_of(clerk_issuer, "sess_2"));
    EXPECT_NE(session_of(clerk_issuer, "sess_1"), session_of("https://other.example", "sess_1"));
    EXPECT_NE(session_of("a", "bc"), session_of("ab", "c"));
}

TEST_F(ClerkHooksTest, of_an_event_without_meaning_here_not_even_the_id_is_kept) {
    world.run(hooks.take("1", ClerkEvent()));
    world.run(hooks.take("1", user()));
    EXPECT_TRUE(find());
}

}  // namespace
}  // namespace banter::service
