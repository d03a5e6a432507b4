// That a sweep finds who has left an organization, or has another role there, when no hook told it.
#include "service/organizations.hpp"
#include "service/testing/clerk_world.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using Role = model::WorkspaceRole;

struct ClerkMemberSweepTest : ClerkWorldTest {
    /// A member at Clerk, who has come here with a token that says so.
    void add_member(const std::string& subject, const std::string& organization, int at = 1) {
        set_member(subject, organization, "org:member", at);
        clerk.user(subject);
        join(subject, organization);
    }
    void set_member(
        const std::string& subject,
        const std::string& organization,
        const std::string& role,
        int at
    ) {
        const Timestamp updated_at(std::chrono::seconds{at});
        clerk.organizations[organization][subject] = {organization, subject, role, updated_at};
    }
    void join(const std::string& subject, const std::string& organization) {
        Identities identities(world->storage, world.installation(), world.clock, world->ids);
        Claims claims;
        claims.issuer = clerk_issuer;
        claims.subject = subject;
        claims.workspace = organization;
        claims.issued_at = world.clock.now();
        ASSERT_TRUE(world.run(identities.make(claims)));
    }
    model::User find(const std::string& subject, const std::string& organization) {
        return *user_of_clerk(world, subject, workspace_of(clerk_issuer, organization));
    }
    bool is_in(const std::string& subject, const std::string& organization) {
        return !find(subject, organization).deactivated_at;
    }
    void sweep(Node& node) {
        world.clock.advance(25h);
        node.go_on();
    }
    [[nodiscard]] std::size_t asked() const { return clerk.member_questions.size(); }
};

TEST_F(ClerkMemberSweepTest, who_has_left_an_organization_is_out_of_it_and_of_no_other) {
    for (const char* organization : {"org_1", "org_2"}) {
        for (const char* subject : {"ada", "bob"}) add_member(subject, organization);
    }
    clerk.organizations["org_1"].erase("ada");
    Node& node = begin();
    sweep(node);
    EXPECT_FALSE(is_in("ada", "org_1"));
    EXPECT_TRUE(is_in("ada", "org_2"));
    EXPECT_TRUE(is_in("bob", "org_1"));
    EXPECT_EQ(asked(), 3U) << "one for each organization, and who is missing alone";
    EXPECT_TRUE(counts("banter_clerk_member_sweeps_total 1"));

    sweep(node);
    EXPECT_EQ(asked(), 5U) << "who is out is not asked for";
    set_member("ada", "org_1", "org:member", 1);
    world.clock.advance(1h);
    join("ada", "org_1");
    EXPECT_TRUE(is_in("ada", "org_1")) << "a newer token";
    sweep(node);
    EXPECT_TRUE(is_in("ada", "org_1"));
}

TEST_F(ClerkMemberSweepTest, another_role_is_the_users_if_it_is_newer) {
    add_member("ada", "org_1");
    add_member("bob", "org_1");
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(world.clock.now().time_since_epoch());
    const int later = static_cast<int>(now.count()) + 10;
    set_member("ada", "org_1", "org:admin", later);
    set_member("bob", "org_1", "org:admin", 1);
    Node& node = begin();
    sweep(node);
    EXPECT_EQ(find("ada", "org_1").role, Role::admin);
    EXPECT_EQ(find("bob", "org_1").role, Role::member) << "a token has said so since";
    EXPECT_TRUE(counts("banter_clerk_taken_total 1"));
}

TEST_F(ClerkMemberSweepTest, large_organizations_are_asked_for_by_the_page) {
    for (int i = 0; i < 250; ++i) add_member(name(i), "org_1");
    add_member("ada", "org_2");
    for (const int i : {7, 120, 249}) clerk.organizations["org_1"].erase(name(i));
    Node& node = begin();
    sweep(node);
    for (int i = 0; i < 250; ++i) {
        EXPECT_EQ(is_in(name(i), "org_1"), i != 7 && i != 120 && i != 249) << i;
    }
    EXPECT_EQ(asked(), 3U + 3U + 1U);
    for (const auto& page : clerk.member_questions)
        EXPECT_LE(page.size(), ClerkQuestions::page_max);
}

TEST_F(ClerkMemberSweepTest, who_is_not_in_a_list_but_is_a_member_stays) {
    add_member("ada", "org_1");
    add_member("bob", "org_1");
    Node& node = begin();
    clerk.list_answer = answer_of(ClerkAnswer::Kind::members);
    clerk.user("ada");
    // Whom it is asked for by themselves it names.
    node.see("ada");
    sweep(node);
    EXPECT_TRUE(is_in("ada", "org_1"));
    EXPECT_TRUE(is_in("bob", "org_1"));
    clerk.list_answer = answer_of(ClerkAnswer::Kind::useless);
    clerk.organizations["org_1"].erase("ada");
    sweep(node);
    EXPECT_FALSE(is_in("ada", "org_1"));
    EXPECT_TRUE(is_in("bob", "org_1"));
}

TEST_F(ClerkMemberSweepTest, an_organization_that_is_gone_has_no_members) {
    for (const char* subject : {"ada", "bob"}) {
        add_member(subject, "org_1");
        add_member(subject, "org_2");
    }
    clerk.organizations.erase("org_1");
    Node& node = begin();
    sweep(node);
    for (const char* subject : {"ada", "bob"}) {
        EXPECT_FALSE(is_in(subject, "org_1"));
        EXPECT_TRUE(is_in(subject, "org_2"));
    }
}

TEST_F(ClerkMemberSweepTest, the_key_of_another_instance_shuts_out_nobody) {
    for (const char* subject : {"ada", "bob"}) add_member(subject, "org_1");
    clerk.organizations.clear();
    clerk.users.clear();
    Node& node = begin();
    sweep(node);
    EXPECT_TRUE(is_in("ada", "org_1"));
    clerk.organizations["org_1"];
    sweep(node);
    EXPECT_TRUE(is_in("ada", "org_1"));
    EXPECT_TRUE(is_in("bob", "org_1"));
}

TEST_F(ClerkMemberSweepTest, who_has_just_become_a_member_may_not_be_known_everywhere) {
    add_member("ada", "org_1");
    add_member("bob", "org_1");
    Node& node = begin();
    sweep(node);
    add_member("new", "org_1");
    clerk.organizations["org_1"].erase("new");
    world.clock.advance(1min);
    world.sql("UPDATE identity_sweeps SET due_at = 0");
    node.go_on();
    EXPECT_EQ(asked(), 3U);
    EXPECT_TRUE(is_in("new", "org_1"));
    sweep(node);
    EXPECT_FALSE(is_in("new", "org_1"));
}

TEST_F(ClerkMemberSweepTest, while_clerk_does_not_answer_nothing_follows_and_then_it_goes_on) {
    for (const char* organization : {"org_1", "org_2", "org_3"}) {
        for (const char* subject : {"ada", "bob"}) add_member(subject, organization);
        clerk.organizations[organization].erase("ada");
    }
    Node& node = begin();
    for (const auto kind : {ClerkAnswer::Kind::away, ClerkAnswer::Kind::limited}) {
        clerk.answer = answer_of(kind, 10s);
        sweep(node);
        for (const char* organization : {"org_1", "org_2", "org_3"})
            EXPECT_TRUE(is_in("ada", organization));
    }
    clerk.answer.reset();
    for (int i = 0; i < 10; ++i) {
        world.clock.advance(1min);
        node.go_on();
    }
    for (const char* organization : {"org_1", "org_2", "org_3"}) {
        EXPECT_FALSE(is_in("ada", organization));
        EXPECT_TRUE(is_in("bob", organization));
    }
}

TEST_F(ClerkMemberSweepTest, a_node_that_dies_is_followed_by_another_that_goes_on_where_it_was) {
    for (const char* organization : {"org_1", "org_2", "org_3"}) add_member("ada", organization);
    Node& first = begin();
    world.clock.advance(25h);
    // It hangs in the middle: the second question is not answered.
    clerk.hangs_after = 1;
    first.directory.go_on();
    world.run(clerk.hear(loops.front(), 2));
    clerk.hangs_after = SIZE_MAX;
    Node& second = begin();
    world.clock.advance(1min);
    second.go_on();
    EXPECT_EQ(asked(), 2U) << "it is claimed";
    world.clock.advance(SweepClaim::claimed_for);
    second.go_on();
    EXPECT_EQ(asked(), 4U) << "the one that was not answered, and the last";
    EXPECT_TRUE(counts("banter_clerk_member_sweeps_total 1"));
}

}  // namespace
}  // namespace banter::service
