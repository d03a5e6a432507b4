// Who may invite whom, as what, and into which threads.
#include "service/invites.hpp"

#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;

using model::WorkspaceRole;

/// Two admins, an owner and a member, all by tokens.
struct Office : World {
    Office() {
        for (const char* handle : {"owner", "admin", "other", "member", "guest"}) caller(handle);
        sql("UPDATE users SET role = 0 WHERE handle = 'owner'");
        sql("UPDATE users SET role = 1 WHERE handle IN ('admin', 'other')");
        sql("UPDATE users SET role = 3 WHERE handle = 'guest'");
    }

    Result<MadeInvite> invite(const std::string& by, CreateInvite request = {}) {
        return run((*this)->invites.create(caller(by), std::move(request)));
    }
    std::optional<Errc> refused(const std::string& by, CreateInvite request = {}) {
        return code_of(invite(by, std::move(request)));
    }
    Result<model::Page<model::Invite>> list(const std::string& by) {
        return run((*this)->invites.list(caller(by), {}));
    }
};

TEST(Invites, owners_and_admins_invite_and_only_owners_invite_admins) {
    Office world;
    for (const char* by : {"owner", "admin"}) {
        for (const auto role : {WorkspaceRole::member, WorkspaceRole::guest}) {
            EXPECT_EQ(world.refused(by, {.role = role}), std::nullopt);
        }
        EXPECT_EQ(world.refused(by, {.role = WorkspaceRole::owner}), Errc::forbidden);
    }
    EXPECT_EQ(world.refused("owner", {.role = WorkspaceRole::admin}), std::nullopt);
    EXPECT_EQ(world.refused("admin", {.role = WorkspaceRole::admin}), Errc::forbidden);
    for (const char* by : {"member", "guest"}) {
        EXPECT_EQ(world.refused(by), Errc::forbidden);
        EXPECT_EQ(code_of(world.list(by)), Errc::forbidden);
    }
}

TEST(Invites, what_is_made_is_told_once_and_shown_without_its_code) {
    Office world;
    const Timestamp later = world.clock.now() + 1h;
    const auto made = world.invite("admin", {.uses_max = 3, .expires_at = later});
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->code.size(), 22U);
    EXPECT_NE(world.invite("admin")->code, made->code);
    const auto shown = world.list("owner")->items.at(1);
    EXPECT_EQ(shown.id, made->about.id);
    EXPECT_EQ(shown.uses_max, 3U);
    EXPECT_EQ(shown.uses, 0U);
    EXPECT_EQ(shown.expires_at, later);
    EXPECT_EQ(shown.created_by, world.caller("admin").user);
    EXPECT_EQ(shown.created_at, world.clock.now());
}

TEST(Invites, ones_that_could_never_be_used_are_not_made) {
    Office world;
    EXPECT_EQ(world.refused("owner", {.uses_max = 0}), Errc::bad_request);
    EXPECT_EQ(world.refused("owner", {.expires_at = world.clock.now()}), Errc::bad_request);
    CreateInvite crowded{.threads = std::vector<model::ThreadId>(11)};
    EXPECT_EQ(world.refused("owner", crowded), Errc::too_large);
    EXPECT_TRUE(world.list("owner")->items.empty());
}

TEST(Invites, name_threads_that_the_inviter_may_add_members_to) {
    Office world;
    const auto open = world.channel(world.caller("member"), "open");
    const auto secret =
        world.channel(world.caller("member"), "secret", model::Visibility::private_);
    const auto own = world.channel(world.caller("admin"), "own", model::Visibility::private_);
    const auto old = world.channel(world.caller("member"), "old");
    world.sql("UPDATE threads SET archived_at = 1 WHERE name = 'old'");
    const auto into = [&](model::ThreadId thread) {
        return world.refused("admin", {.threads = {thread}});
    };
    EXPECT_EQ(into(open), std::nullopt) << "admins may add to public channels";
    EXPECT_EQ(into(own), std::nullopt);
    EXPECT_EQ(into(secret), Errc::not_found) << "private, and the admin is not in it";
    EXPECT_EQ(into(model::ThreadId{}), Errc::not_found);
    EXPECT_EQ(into(old), Errc::conflict);
    world.sql("UPDATE threads SET kind = 1 WHERE name = 'own'");
    EXPECT_EQ(into(own), Errc::forbidden) << "a direct thread never changes";
}

TEST(Invites, another_admin_does_not_learn_of_private_threads_by_the_list) {
    Office world;
    const auto secret = world.channel(world.caller("admin"), "secret", model::Visibility::private_);
    const auto open = world.channel(world.caller("admin"), "open");
    ASSERT_TRUE(world.invite("admin", {.threads = {secret, open}}));
    EXPECT_EQ(world.list("admin")->items.at(0).threads.size(), 2U);
    EXPECT_EQ(world.list("other")->items.at(0).threads, std::vector{open});
}

TEST(Invites, any_admin_revokes_them_and_nobody_else) {
    Office world;
    const auto id = world.invite("owner")->about.id;
    const auto end = [&](const char* by) {
        const auto refused = world.run(world->invites.end(world.caller(by), id));
        return refused ? std::optional(refused->code) : std::nullopt;
    };
    EXPECT_EQ(end("member"), Errc::forbidden);
    EXPECT_EQ(end("admin"), std::nullopt);
    EXPECT_EQ(end("admin"), Errc::not_found);
    EXPECT_TRUE(world.list("owner")->items.empty());
}

}  // namespace
}  // namespace banter::service
