// Whoever comes with the token of an organization is a user of its workspace, with the role that it
// gives them, as long as it has them; and who acts in another's name may not do everything.
#include "service/clerk_hooks.hpp"
#include "service/identities.hpp"
#include "service/organizations.hpp"
#include "service/testing/other_issuer.hpp"

#include <fmt/format.h>

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using enum model::WorkspaceRole;

struct MembersTest : ::testing::Test {
    MembersTest() : hooks(rules, world->storage, world.installation(), world.clock, world->ids) {
        world.issuers.add(OtherIssuer::issuer());
    }

    [[nodiscard]] std::int64_t seconds() const {
        return std::chrono::floor<std::chrono::seconds>(world.clock.now())
            .time_since_epoch()
            .count();
    }
    [[nodiscard]] std::string token(
        const std::string& subject,
        const std::string& organization,
        const std::string& role = "member",
        const std::string& more = ""
    ) const {
        return OtherIssuer::token(
            world,
            fmt::format(
                R"("sub":"{}","sid":"s {}","iat":{},"o":{{"id":"{}","slg":"acme","rol":"{}"}}{})",
                subject,
                subject,
                seconds(),
                organization,
                role,
                more
            )
        );
    }
    [[nodiscard]] std::string personal(const std::string& subject, const std::string& more = "")
        const {
        return OtherIssuer::token(world, fmt::format(R"("sub":"{}"{})", subject, more));
    }
    std::optional<Errc> refused(const std::string& token) {
        return code_of(world.run(world->auth.sign_in(token)));
    }
    void take(ClerkEvent event) {
        world.run(hooks.take(std::to_string(++count), std::move(event)));
    }
    [[nodiscard]] Timestamp now() const { return world.clock.now(); }

    World world;
    ClerkHookRules rules{OtherIssuer::issuer().name, std::nullopt};
    ClerkHooks hooks;
    int count = 0;
};

TEST_F(MembersTest, a_token_acts_in_the_workspace_of_its_organization) {
    const SignedIn ada = world.sign_in(token("ada", "org_1", "admin"));
    EXPECT_EQ(ada.caller.workspace, workspace_of(rules.issuer, "org_1"));
    EXPECT_EQ(ada.workspace_name, "acme");
    EXPECT_EQ(ada.caller.role, admin);
    EXPECT_TRUE(ada.caller.in_organization);
    const SignedIn elsewhere = world.sign_in(token("ada", "org_2"));
    EXPECT_NE(elsewhere.user.id, ada.user.id);
    EXPECT_EQ(elsewhere.caller.role, member);
    const SignedIn alone = world.sign_in(personal("ada"));
    EXPECT_EQ(alone.caller.workspace, world.installation().workspace.id);
    EXPECT_FALSE(alone.caller.in_organization);
    EXPECT_EQ(world.sign_in(token("ada", "org_1", "admin")).user.id, ada.user.id);
    EXPECT_EQ(
        refused(world.issuer.sign(
            {.subject = "handle:ada", .issued_at = now(), .expires_at = now() + 1h}
        )),
        std::nullopt
    );
}

TEST_F(MembersTest, a_known_member_is_let_in_without_a_write) {
    (void)world.sign_in(token("ada", "org_1", "admin"));
    world.clock.advance(1s);
    const std::string same = token("ada", "org_1", "admin");
    world.sql(
        "CREATE TRIGGER t BEFORE UPDATE ON organization_members BEGIN SELECT raise(abort, ''); END"
    );
    EXPECT_EQ(world.sign_in(same).caller.role, admin);
    // A read gives what was told the time to arrive.
    (void)world.run(world->storage.users.has_owner(world.installation().workspace.id));
    EXPECT_TRUE(world.revocations.empty());
}

TEST_F(MembersTest, the_role_is_the_newest_that_a_token_or_a_hook_has_said) {
    const std::string first = token("ada", "org_1", "admin");
    EXPECT_EQ(world.sign_in(first).caller.role, admin);
    world.clock.advance(1s);
    const Caller opened = world.sign_in(token("ada", "org_1", "guest")).caller;
    EXPECT_EQ(opened.role, guest);
    world.await_revocations(1);
    ASSERT_EQ(world.revocations.size(), 1U);
    EXPECT_FALSE(is_ended_by(opened, world.revocations[0])) << "it came with the new one";
    EXPECT_EQ(world.sign_in(first).caller.role, guest);
    take(ClerkMember{"org_1", "ada", "org:admin", now() + 1s});
    world.await_revocations(2);
    EXPECT_TRUE(is_ended_by(opened, world.revocations.at(1)));
    EXPECT_EQ(world.sign_in(token("ada", "org_1", "guest")).caller.role, admin);
}

TEST_F(MembersTest, who_has_left_is_let_in_again_by_a_newer_token_alone) {
    const std::string old = token("ada", "org_1");
    const Caller caller = world.sign_in(old).caller;
    const Caller alone = world.sign_in(personal("ada")).caller;
    const auto made = world.run(world->access_tokens.create(caller, {.name = "a program"})).value();
    EXPECT_EQ(world.sign_in(made.token).caller.workspace, caller.workspace);
    take(ClerkMemberEnd{"org_1", "ada", now() + 500ms});
    world.await_revocations(1);
    ASSERT_EQ(world.revocations.size(), 1U);
    EXPECT_TRUE(is_ended_by(caller, world.revocations[0]));
    EXPECT_FALSE(is_ended_by(alone, world.revocations[0]));
    EXPECT_EQ(refused(old), Errc::unauthenticated);
    EXPECT_EQ(refused(made.token), Errc::unauthenticated);
    EXPECT_EQ(refused(personal("ada")), std::nullopt);
    world.clock.advance(1s);
    EXPECT_EQ(world.sign_in(token("ada", "org_1")).user.id, caller.user);
    EXPECT_EQ(refused(old), Errc::unauthenticated) << "still an old one";
}

TEST_F(MembersTest, who_is_signed_out_while_something_new_is_said_of_them_is_not_let_in) {
    (void)world.sign_in(token("ada", "org_1"));
    world.clock.advance(1s);
    std::string session = session_of(rules.issuer, "s ada").text();
    std::erase(session, '-');
    world.sql(fmt::format(
        "CREATE TRIGGER t AFTER UPDATE ON organization_members BEGIN "
        "INSERT OR IGNORE INTO ended_sessions VALUES (x'{}', 0); END",
        session
    ));
    EXPECT_EQ(refused(token("ada", "org_1", "admin")), Errc::unauthenticated);
}

TEST_F(MembersTest, an_organization_that_is_gone_lets_nobody_in) {
    const Caller caller = world.sign_in(token("ada", "org_1")).caller;
    take(ClerkOrganization{"org_1", "Acme Inc.", "acme", now()});
    EXPECT_EQ(world.sign_in(token("ada", "org_1")).workspace_name, "Acme Inc.");
    take(ClerkOrganizationEnd{"org_1"});
    world.await_revocations(1);
    EXPECT_TRUE(is_ended_by(caller, world.revocations.at(0)));
    for (const char* subject : {"ada", "bob"})
        EXPECT_EQ(refused(token(subject, "org_1")), Errc::unauthenticated);
    EXPECT_EQ(refused(token("ada", "org_2")), std::nullopt);
}

TEST_F(MembersTest, a_refresh_keeps_the_organization) {
    const Caller caller = world.sign_in(token("ada", "org_1")).caller;
    EXPECT_TRUE(world.run(world->auth.refresh(caller, token("ada", "org_1"))));
    for (const std::string& other : {token("ada", "org_2"), personal("ada", R"(,"sid":"s ada")")})
        EXPECT_EQ(code_of(world.run(world->auth.refresh(caller, other))), Errc::unauthenticated);
}

TEST_F(MembersTest, nobody_is_invited_there_and_roles_are_the_organizations) {
    const Caller boss = world.sign_in(token("ada", "org_1", "admin")).caller;
    const Caller bob = world.sign_in(token("bob", "org_1")).caller;
    EXPECT_EQ(code_of(world.run(world->invites.create(boss, {}))), Errc::forbidden);
    EXPECT_EQ(code_of(world.run(world->invites.list(boss, {}))), Errc::forbidden);
    const auto change = [&](model::UserChange asked) {
        return code_of(world.run(world->users.change(boss, bob.user, asked)));
    };
    EXPECT_EQ(change({.role = admin}), Errc::conflict);
    EXPECT_EQ(change({.deactivated = true}), std::nullopt);
    EXPECT_EQ(refused(token("bob", "org_1")), Errc::unauthenticated);
    EXPECT_EQ(change({.deactivated = false}), std::nullopt);
    EXPECT_EQ(refused(token("bob", "org_1")), std::nullopt);
}

TEST_F(MembersTest, users_of_an_instance_without_a_place_of_their_own_are_made_in_none) {
    rules.personal = false;
    ClerkUser user;
    user.subject = "ada";
    user.first_name = "Ada";
    user.updated_at = now();
    take(user);
    storage::Identity identity{rules.issuer, "ada"};
    const auto home = world.installation().workspace.id;
    EXPECT_FALSE(world.run(world->storage.users.find_by_identity(home, identity)));
    EXPECT_EQ(world.sign_in(token("ada", "org_1")).user.display_name, "Ada");
}

TEST_F(MembersTest, who_acts_in_anothers_name_neither_deletes_the_account_nor_makes_tokens) {
    const std::string acting = personal("ada", R"(,"act":{"sub":"boss"})");
    const Caller boss = world.sign_in(acting).caller;
    EXPECT_TRUE(boss.impersonated);
    EXPECT_FALSE(world.sign_in(personal("ada")).caller.impersonated);
    const auto made = world.run(world->access_tokens.create(boss, {.name = "a program"}));
    EXPECT_EQ(code_of(made), Errc::forbidden);
    const Device device{.user_agent = "Test/1.0", .address = "192.0.2.1"};
    const auto refused = world.run(world->accounts.delete_account(boss, {}, device));
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->code, Errc::forbidden);
    const auto renewed = world.run(world->auth.refresh(boss, personal("ada")));
    EXPECT_EQ(code_of(renewed), Errc::unauthenticated) << "another acts";
}

}  // namespace
}  // namespace banter::service
