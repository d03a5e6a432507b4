// The wire's names of roles, kinds and scopes, and back.
#include "model/scope.hpp"
#include "model/thread.hpp"
#include "model/user.hpp"

#include <gtest/gtest.h>

namespace banter::model {
namespace {

TEST(WireNames, are_those_of_the_protocol) {
    EXPECT_EQ(wire_name(WorkspaceRole::owner), "owner");
    EXPECT_EQ(wire_name(WorkspaceRole::admin), "admin");
    EXPECT_EQ(wire_name(WorkspaceRole::member), "member");
    EXPECT_EQ(wire_name(WorkspaceRole::guest), "guest");
    EXPECT_EQ(wire_name(ThreadRole::owner), "owner");
    EXPECT_EQ(wire_name(ThreadRole::member), "member");
    EXPECT_EQ(wire_name(Level::all), "all");
    EXPECT_EQ(wire_name(Level::mentions), "mentions");
    EXPECT_EQ(wire_name(Level::none), "none");
}

TEST(WireNames, scopes_come_back_from_their_names_and_nothing_else_does) {
    for (const auto scope : all_scopes) EXPECT_EQ(parse_scope(wire_name(scope)), scope);
    EXPECT_EQ(wire_name(Scope::admin), "admin");
    for (const char* text : {"", "Read", "read ", "all", "*", "owner"}) {
        EXPECT_EQ(parse_scope(text), std::nullopt) << text;
    }
}

TEST(Scopes, hold_what_was_added_and_no_bit_that_means_nothing) {
    Scopes scopes;
    EXPECT_TRUE(scopes.empty());
    scopes.add(Scope::write);
    scopes.add(Scope::admin);
    for (const auto scope : all_scopes) {
        EXPECT_EQ(scopes.has(scope), scope == Scope::write || scope == Scope::admin);
    }
    EXPECT_EQ(Scopes(scopes.bits()), scopes);
    EXPECT_TRUE(Scopes(~std::uint64_t{0} << all_scopes.size()).empty());
}

TEST(WireNames, kinds_and_visibilities_come_back_from_their_names_and_nothing_else_does) {
    for (const auto kind :
         {ThreadKind::channel, ThreadKind::direct, ThreadKind::group, ThreadKind::reply}) {
        EXPECT_EQ(parse_thread_kind(wire_name(kind)), kind);
    }
    EXPECT_EQ(wire_name(Visibility::public_), "public");
    EXPECT_EQ(parse_visibility("public"), Visibility::public_);
    EXPECT_EQ(parse_visibility("private"), Visibility::private_);
    for (const char* text : {"", "Channel", "channel ", "chan", "PUBLIC", "secret"}) {
        EXPECT_EQ(parse_thread_kind(text), std::nullopt) << text;
        EXPECT_EQ(parse_visibility(text), std::nullopt) << text;
    }
}

TEST(WireNames, roles_and_ways_to_sign_up_come_back_from_their_names) {
    using enum WorkspaceRole;
    for (const auto role : {owner, admin, member, guest}) {
        EXPECT_EQ(parse_workspace_role(wire_name(role)), role);
    }
    for (const auto who : {SignUp::open, SignUp::invite, SignUp::closed}) {
        EXPECT_EQ(parse_sign_up(wire_name(who)), who);
    }
    EXPECT_EQ(wire_name(SignUp::closed), "closed");
    for (const char* text : {"", "Owner", "open ", "nobody"}) {
        EXPECT_EQ(parse_workspace_role(text), std::nullopt) << text;
        EXPECT_EQ(parse_sign_up(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace banter::model
