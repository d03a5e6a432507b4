// Which workspace an organization is, what its roles are here, and what it is called.
#include "service/organizations.hpp"

#include "service/identities.hpp"

#include <gtest/gtest.h>

namespace banter::service {
namespace {

TEST(Organizations, each_is_a_workspace_of_its_own_and_always_the_same) {
    const auto acme = workspace_of("https://one", "org_1");
    EXPECT_EQ(workspace_of("https://one", "org_1"), acme);
    EXPECT_NE(workspace_of("https://one", "org_2"), acme);
    EXPECT_NE(workspace_of("https://two", "org_1"), acme);
    EXPECT_NE(workspace_of("https://oneo", "rg_1"), acme);
    EXPECT_NE(session_of("https://one", "org_1").uuid, acme.uuid);
}

TEST(Organizations, there_are_admins_and_guests_and_everybody_else_is_a_member) {
    using enum model::WorkspaceRole;
    for (const char* role : {"admin", "org:admin"}) EXPECT_EQ(workspace_role(role), admin) << role;
    for (const char* role : {"guest", "org:guest"}) EXPECT_EQ(workspace_role(role), guest) << role;
    for (const char* role :
         {"member",
          "org:member",
          "basic_member",
          "owner",
          "org:owner",
          "",
          "org:",
          "Admin",
          "org:org:admin",
          "org:administrator",
          "admin "}) {
        EXPECT_EQ(workspace_role(role), member) << role;
    }
}

TEST(Organizations, a_name_is_the_first_that_can_be_one) {
    EXPECT_EQ(workspace_name({"Acme", "acme"}), "Acme");
    EXPECT_EQ(workspace_name({std::nullopt, "acme"}), "acme");
    EXPECT_EQ(workspace_name({std::string(81, 'x'), "acme"}), "acme");
    EXPECT_EQ(workspace_name({"", std::string("a\0b", 3), "\xFF"}), "Workspace");
    EXPECT_EQ(workspace_name({}), "Workspace");
}

}  // namespace
}  // namespace banter::service
