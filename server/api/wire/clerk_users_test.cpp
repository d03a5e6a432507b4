// Answers of Clerk's Backend API: what is read of users, and that nothing odd does any harm.
#include "api/wire/clerk_users.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::api::wire {
namespace {

constexpr const char* ada = R"({"id":"user_1","object":"user","first_name":"Ada","last_name":null,
    "username":"ada","image_url":"https://img.example/1","has_image":true,"banned":true,
    "updated_at":1654012591835,"private_metadata":{"a":[1,{"b":"\u0000"}]}})";

std::size_t count_in(const std::string& body) {
    const auto users = read_clerk_users(body);
    EXPECT_TRUE(users.has_value()) << body;
    return users ? users->size() : 0;
}

TEST(ReadClerkUsers, a_user_is_read_alone_and_from_lists_of_both_forms) {
    const std::string list = fmt::format("[{}]", ada);
    for (const std::string& body :
         {std::string(ada), list, fmt::format(R"({{"total_count":1,"data":{}}})", list)}) {
        const auto users = read_clerk_users(body);
        ASSERT_TRUE(users && users->size() == 1) << body;
        EXPECT_EQ(users->front().subject, "user_1");
        EXPECT_EQ(users->front().first_name, "Ada");
        EXPECT_FALSE(users->front().last_name);
        EXPECT_EQ(users->front().picture, "https://img.example/1");
        EXPECT_TRUE(users->front().banned);
    }
    EXPECT_EQ(count_in("[]"), 0U);
}

TEST(ReadClerkUsers, what_is_no_user_is_passed_over_and_the_others_are_read) {
    const std::vector<std::string> odd{
        "null",
        "7",
        "true",
        "\"user_2\"",
        "[]",
        "[{\"id\":\"user_2\"}]",
        "{}",
        R"({"id":null,"updated_at":null})",
        R"({"id":"user_2"})",
        R"({"id":"user_2","updated_at":"now"})",
        R"({"id":"user_2","updated_at":1.5})",
        R"({"id":"user_2","updated_at":-1})",
        R"({"id":"user_2","updated_at":99999999999999999999})",
        R"({"id":{"a":1},"updated_at":1})",
        R"({"id":"","updated_at":1})",
        R"({"id":"\u0000","updated_at":1})",
        R"({"id":")" + std::string(1000, 'x') + R"(","updated_at":1})",
    };
    for (const std::string& entry : odd) {
        const std::string list = "[" + entry + "," + ada + "," + entry + "]";
        EXPECT_EQ(count_in(list), 1U) << list;
    }
}

TEST(ReadClerkUsers, members_of_wrong_types_are_as_if_they_were_not_there) {
    for (const char* value :
         {"null",
          "7",
          "1e300",
          "true",
          "[]",
          "{}",
          "[[[]]]",
          "\"\"",
          R"("\ud800")",
          R"("\u0000")"}) {
        std::string body = R"({"id":"user_1","object":"user","updated_at":1)";
        for (const char* name :
             {"first_name",
              "last_name",
              "username",
              "image_url",
              "has_image",
              "banned",
              "email_addresses"}) {
            body += std::string(",\"") + name + "\":" + value;
        }
        const auto users = read_clerk_users(body + "}");
        ASSERT_TRUE(users.has_value()) << value;
        if (users->empty()) continue;
        EXPECT_EQ(users->front().subject, "user_1");
        EXPECT_EQ(users->front().banned, std::string(value) == "true");
    }
}

std::string nested(std::size_t levels, const std::string& inside) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += i % 2 == 0 ? "[" : R"({"a":)";
    text += inside;
    for (std::size_t i = levels; i-- > 0;) text += i % 2 == 0 ? "]" : "}";
    return text;
}

TEST(ReadClerkUsers, metadata_that_somebody_made_deep_hides_nobody) {
    for (const std::size_t levels : {1UL, 2UL, 30UL, 33UL, 1'000UL, 100'000UL}) {
        for (const char* inside : {"7", R"("]}\"]}")", R"("\\")"}) {
            const std::string deep = R"({"id":"user_2","unsafe_metadata":)" +
                                     nested(levels, inside) + R"(,"updated_at":1})";
            const std::string list = "[" + deep + "," + ada + "]";
            EXPECT_EQ(count_in(list), 2U) << levels << inside;
            EXPECT_EQ(count_in(R"({"data":)" + list + "}"), 2U) << levels << inside;
        }
    }
}

TEST(WithoutDepths, what_is_read_stays_as_it_is) {
    for (const char* text :
         {"",
          "7",
          "{}",
          R"({"a":{"b":{"c":"[[[[{{{{"}}})",
          R"([[["\\",1]]])",
          "]]]}}}",
          R"("an end that never comes)",
          R"("\\)"}) {
        EXPECT_EQ(without_depths(text), text);
    }
    EXPECT_EQ(without_depths(R"([[[["\\",{"a":"}"}]]]])"), R"([[[["\\",null]]]])");
    EXPECT_EQ(without_depths("[[[[[[1],2],[3]],4]]"), "[[[[null,null],4]]");
    EXPECT_EQ(without_depths("[[[[[1"), "[[[[null");
}

std::string membership_of(const std::string& more = {}) {
    return R"({"id":"orgmem_1","object":"organization_membership","role":"org:admin",)"
           R"("organization":{"id":"org_1","name":"Acme"},"public_metadata":{"a":[[{}]]},)"
           R"("public_user_data":{"user_id":"user_1","identifier":"ada"},"updated_at":7)" +
           more + "}";
}

TEST(ReadClerkMembers, members_are_read_with_their_roles) {
    const auto read = read_clerk_members(
        R"({"data":[)" + membership_of() + "," + membership_of() + R"(],"total_count":2})"
    );
    ASSERT_TRUE(read && read->members.size() == 2);
    EXPECT_TRUE(read->whole);
    const service::ClerkMember& member = read->members.front();
    EXPECT_EQ(member.organization, "org_1");
    EXPECT_EQ(member.subject, "user_1");
    EXPECT_EQ(member.role, "org:admin");
    EXPECT_EQ(member.updated_at, Timestamp(std::chrono::milliseconds(7)));
    const auto nobody = read_clerk_members(R"({"data":[],"total_count":0})");
    EXPECT_TRUE(nobody && nobody->whole && nobody->members.empty());
}

// Who is left out would be taken for one who has left.
TEST(ReadClerkMembers, a_list_of_which_something_cannot_be_read_says_so) {
    for (const std::string& entry : {
             std::string("null"),
             std::string("[]"),
             std::string(R"({"id":"orgmem_1"})"),
             membership_of(R"(,"updated_at":"7")"),
             membership_of(R"(,"role":null)"),
             membership_of(R"(,"public_user_data":[])"),
             membership_of(R"(,"organization":null)"),
         }) {
        const auto read = read_clerk_members(R"({"data":[)" + membership_of() + "," + entry + "]}");
        ASSERT_TRUE(read.has_value()) << entry;
        EXPECT_FALSE(read->whole) << entry;
        EXPECT_EQ(read->members.size(), 1U) << entry;
    }
}

TEST(ReadClerkMembers, what_is_no_list_is_no_answer) {
    for (const std::string& body : {
             std::string(),
             std::string("null"),
             std::string("<html>"),
             "[" + membership_of() + "]",
             R"({"data":[)" + membership_of() + "]",
             std::string(R"({"data":{}})"),
             std::string(R"({"total_count":0})"),
         }) {
        EXPECT_FALSE(read_clerk_members(body)) << body;
    }
}

TEST(ReadClerkUsers, what_is_neither_a_list_nor_a_user_is_no_answer) {
    for (const std::string& body : {
             std::string(),
             std::string("null"),
             std::string("7"),
             std::string("{}"),
             std::string("<html>Sign in to the network</html>"),
             std::string(R"({"data":null})"),
             std::string(R"({"data":{"id":"user_1"}})"),
             std::string(R"({"errors":[]})"),
             std::string("["),
             std::string("[1"),
             std::string(100'000, '['),
             std::string("\xFF"),
         }) {
        EXPECT_FALSE(read_clerk_users(body).has_value()) << body.substr(0, 100);
    }
}

TEST(ReadClerkUsers, what_is_huge_is_read_too) {
    std::string list = "[";
    for (int i = 0; i < 1'000; ++i) {
        if (i > 0) list += ',';
        list += R"({"id":"user_)" + std::to_string(i) + R"(","updated_at":1,"first_name":")" +
                std::string(1'000, 'x') + "\"}";
    }
    EXPECT_EQ(count_in(list + "]"), 1'000U);
}

TEST(SaysNotFound, only_the_code_of_clerk_counts) {
    EXPECT_TRUE(says_not_found(
        R"({"errors":[{"message":"not found","long_message":"No user was found with id user_1",
            "code":"resource_not_found"}],"clerk_trace_id":"1"})"
    ));
    for (const char* body :
         {"",
          "not found",
          "{}",
          "[]",
          "null",
          R"({"errors":null})",
          R"({"errors":[]})",
          R"({"errors":{"code":"resource_not_found"}})",
          R"({"errors":["resource_not_found",null,7,[]]})",
          R"({"errors":[{"code":null}]})",
          R"({"errors":[{"code":"RESOURCE_NOT_FOUND"}]})",
          R"({"errors":[{"code":"not_found"}]})",
          R"({"code":"resource_not_found"})"}) {
        EXPECT_FALSE(says_not_found(body)) << body;
    }
}

}  // namespace
}  // namespace banter::api::wire
