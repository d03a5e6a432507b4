// The bodies of Clerk's web hooks: what is read of them, what is passed over, and what is no event.
#include "api/wire/clerk_hooks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::api::wire {
namespace {

service::ClerkEvent read(const std::string& type, const std::string& data) {
    return read_clerk_hook(
               R"({"type":")" + type + R"(","object":"event","timestamp":7000,"data":)" + data + "}"
    )
        .value();
}

/// Of which what is given comes last, and so counts.
std::string membership(
    const std::string& what,
    const std::string& last,
    const std::string& timestamp = ""
) {
    return R"({"type":"organizationMembership.)" + what + "\"," + timestamp +
           R"("data":{"public_user_data":{"user_id":"u"},"role":"org:member","updated_at":1,)" +
           last + "}}";
}

TEST(ReadClerkHook, a_user_has_names_a_picture_and_a_time) {
    for (const char* type : {"user.created", "user.updated"}) {
        const auto event = read(type, R"({"id":"user_1","first_name":"Ada","last_name":null,
            "username":"ada","image_url":"https://img.example/1","has_image":true,"banned":true,
            "locked":true,"updated_at":1654012591835,"public_metadata":{"a":[1,"\u0000"]}})");
        const auto& user = std::get<service::ClerkUser>(event);
        EXPECT_EQ(user.subject, "user_1");
        EXPECT_EQ(user.first_name, "Ada");
        EXPECT_FALSE(user.last_name);
        EXPECT_EQ(user.username, "ada");
        EXPECT_EQ(user.picture, "https://img.example/1");
        EXPECT_TRUE(user.banned);
        EXPECT_EQ(user.updated_at, Timestamp(std::chrono::milliseconds(1'654'012'591'835)));
    }
}

TEST(ReadClerkHook, a_lock_that_lapses_by_itself_bars_nobody_and_initials_are_no_picture) {
    const auto event = read("user.updated", R"({"id":"u","updated_at":1,"locked":true,
        "banned":false,"has_image":false,"image_url":"https://img.example/1"})");
    EXPECT_FALSE(std::get<service::ClerkUser>(event).banned);
    EXPECT_FALSE(std::get<service::ClerkUser>(event).picture);
}

TEST(ReadClerkHook, nobody_escapes_a_ban_by_metadata_of_any_depth) {
    for (const std::size_t levels : {29UL, 40UL, 50'000UL}) {
        const std::string deep = std::string(levels, '[') + R"("]")" + std::string(levels, ']');
        const auto event = read(
            "user.updated",
            R"({"id":"u","unsafe_metadata":{"a":)" + deep + R"(},"banned":true,"updated_at":1})"
        );
        EXPECT_TRUE(std::get<service::ClerkUser>(event).banned) << levels;
    }
}

TEST(ReadClerkHook, what_ends_has_a_name) {
    const auto gone = read("user.deleted", R"({"id":"user_1","object":"user","deleted":true})");
    EXPECT_EQ(std::get<service::ClerkUserEnd>(gone).subject, "user_1");
    for (const char* type : {"session.ended", "session.removed", "session.revoked"}) {
        const auto ended = read(type, R"({"id":"sess_1","user_id":"user_1","status":"ended"})");
        EXPECT_EQ(std::get<service::ClerkSessionEnd>(ended).subject, "user_1");
        EXPECT_EQ(std::get<service::ClerkSessionEnd>(ended).session, "sess_1");
    }
}

TEST(ReadClerkHook, an_organization_has_a_name_until_it_ends) {
    for (const char* type : {"organization.created", "organization.updated"}) {
        const auto event = read(type, R"({"id":"org_1","name":"Acme Inc.","slug":"acme",
            "object":"organization","updated_at":1000})");
        const auto& made = std::get<service::ClerkOrganization>(event);
        EXPECT_EQ(made.id, "org_1");
        EXPECT_EQ(made.name, "Acme Inc.");
        EXPECT_EQ(made.slug, "acme");
        EXPECT_EQ(made.updated_at, Timestamp(std::chrono::seconds(1)));
    }
    const auto end = read("organization.deleted", R"({"id":"org_1","deleted":true})");
    EXPECT_EQ(std::get<service::ClerkOrganizationEnd>(end).id, "org_1");
}

TEST(ReadClerkHook, a_member_has_a_role_until_they_leave_at_the_time_of_the_event) {
    const std::string membership = R"({"id":"orgmem_1","organization":{"id":"org_1","name":"Acme"},
        "public_user_data":{"user_id":"user_1","identifier":"a@acme.example"},"role":"org:admin",
        "created_at":900,"updated_at":1000})";
    for (const char* type : {"organizationMembership.created", "organizationMembership.updated"}) {
        const auto event = read(type, membership);
        const auto& member = std::get<service::ClerkMember>(event);
        EXPECT_EQ(member.organization, "org_1");
        EXPECT_EQ(member.subject, "user_1");
        EXPECT_EQ(member.role, "org:admin");
        EXPECT_EQ(member.updated_at, Timestamp(std::chrono::seconds(1)));
    }
    const auto end = read("organizationMembership.deleted", membership);
    const auto& left = std::get<service::ClerkMemberEnd>(end);
    EXPECT_EQ(left.organization, "org_1");
    EXPECT_EQ(left.subject, "user_1");
    EXPECT_EQ(left.at, Timestamp(std::chrono::seconds(7)));
}

TEST(ReadClerkHook, events_of_other_kinds_mean_nothing) {
    for (const char* type :
         {"session.created",
          "session.pending",
          "organizationDomain.created",
          "organizationInvitation.accepted",
          "organizationMembership.removed",
          "email.created",
          "USER.DELETED",
          "user.deleted ",
          "anything"}) {
        EXPECT_TRUE(std::holds_alternative<std::monostate>(read(type, R"({"id":"x"})"))) << type;
    }
}

TEST(ReadClerkHook, what_says_not_of_whom_is_refused) {
    const std::string long_id(257, 'x');
    for (const std::string& body : {
             std::string(),
             std::string("{"),
             std::string("[]"),
             std::string("{}"),
             std::string(R"({"type":"user.deleted"})"),
             std::string(R"({"type":"user.deleted","data":[]})"),
             std::string(R"({"type":7,"data":{"id":"u"}})"),
             std::string(R"({"data":{"id":"u"}})"),
             std::string(R"({"type":"user.deleted","data":{}})"),
             std::string(R"({"type":"user.deleted","data":{"id":""}})"),
             std::string(R"({"type":"user.deleted","data":{"id":7}})"),
             std::string(R"({"type":"user.deleted","data":{"id":"\u0000"}})"),
             R"({"type":"user.deleted","data":{"id":")" + long_id + "\"}}",
             std::string(R"({"type":"user.updated","data":{"id":"u"}})"),
             std::string(R"({"type":"user.updated","data":{"id":"u","updated_at":"1"}})"),
             std::string(R"({"type":"user.updated","data":{"id":"u","updated_at":-1}})"),
             std::string(R"({"type":"user.updated","data":{"id":"u","updated_at":1e300}})"),
             std::string(R"({"type":"session.ended","data":{"id":"sess_1"}})"),
             std::string(R"({"type":"session.ended","data":{"user_id":"user_1"}})"),
             std::string(R"({"type":"organization.updated","data":{"id":"org_1","name":"x"}})"),
             std::string(R"({"type":"organization.created","data":{"updated_at":1}})"),
             std::string(R"({"type":"organization.deleted","data":{"deleted":true}})"),
             membership("created", R"("organization":"org_1")"),
             membership("updated", R"("organization":{"id":""})"),
             membership("updated", R"("organization":{"id":"o"},"public_user_data":null)"),
             membership("updated", R"("organization":{"id":"o"},"updated_at":"1")"),
             membership("updated", R"("organization":{"id":"o"},"role":7)"),
             membership("deleted", R"("organization":{"id":"o"})"),
             membership("deleted", R"("organization":{"id":"o"})", R"("timestamp":"1",)"),
             membership("deleted", R"("organization":null)", R"("timestamp":1,)"),
         }) {
        const auto refused = read_clerk_hook(body);
        ASSERT_FALSE(refused.has_value()) << body;
        EXPECT_EQ(refused.error().code, Errc::bad_request) << body;
    }
}

}  // namespace
}  // namespace banter::api::wire
