// User, Thread and Message as JSON: exactly the members of the protocol, for every value.
#include "api/wire/entities.hpp"

#include "api/wire/testing/links.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace banter::api::wire {
namespace {

using boost::json::parse;
using boost::json::value;
using namespace testing;

value message_json(const model::Message& message, Audience audience) {
    std::string out;
    append_message(out, message, audience, some_links());
    return parse(out);
}

TEST(Entities, a_user_has_the_members_of_the_protocol) {
    std::string out;
    append_user(out, a_user());
    const value expected = {
        {"id", "01900000-0000-7000-8000-000000000001"},
        {"handle", "ada"},
        {"displayName", "Ada \"L.\""},
        {"avatarUrl", nullptr},
        {"bot", false},
        {"status", nullptr},
        {"deletedAt", nullptr},
    };
    EXPECT_EQ(parse(out), expected);
}

TEST(Entities, a_user_may_have_a_picture_a_status_and_be_gone) {
    model::User user = a_user();
    user.avatar_url = "https://a.example/x";
    user.bot = true;
    user.status = model::UserStatus{.emoji = "🌴", .text = "away", .expires_at = a_time};
    user.deleted_at = a_time;
    std::string out;
    append_user(out, user);
    const value json = parse(out);
    const value status = {
        {"emoji", "🌴"}, {"text", "away"}, {"expiresAt", "2026-11-22T06:30:00.123Z"}};
    EXPECT_EQ(json.at("status"), status);
    EXPECT_EQ(json.at("avatarUrl").as_string(), "https://a.example/x");
    EXPECT_TRUE(json.at("bot").as_bool());
    EXPECT_EQ(json.at("deletedAt").as_string(), "2026-11-22T06:30:00.123Z");
}

TEST(Entities, an_account_is_a_user_with_the_role_and_whether_they_may_come) {
    model::User user = a_user();
    std::string plain;
    append_user(plain, user);
    std::string out;
    append_account(out, user);
    auto expected = parse(plain).as_object();
    expected["role"] = "admin";
    expected["deactivatedAt"] = nullptr;
    EXPECT_EQ(parse(out), value(expected));
    user.deactivated_at = a_time;
    out.clear();
    append_account(out, user);
    EXPECT_EQ(parse(out).at("deactivatedAt"), "2026-11-22T06:30:00.123Z");
}

TEST(Entities, a_thread_has_the_members_of_the_protocol_and_the_askers_membership) {
    std::string out;
    append_thread(out, a_thread(), Audience::asker);
    const value expected = {
        {"id", "01900000-0000-7000-8000-000000000004"},
        {"workspaceId", "01900000-0000-7000-8000-000000000002"},
        {"kind", "channel"},
        {"visibility", "public"},
        {"name", "general"},
        {"topic", ""},
        {"parent", nullptr},
        {"memberIds", nullptr},
        {"seq", 1042},
        {"rev", 1310},
        {"firstSeq", 1},
        {"createdBy", "01900000-0000-7000-8000-000000000001"},
        {"createdAt", "2026-11-22T06:30:00.123Z"},
        {"archivedAt", nullptr},
        {"membership",
         {{"role", "member"},
          {"readSeq", 1040},
          {"unread", 2},
          {"mentions", 1},
          {"level", "all"},
          {"mutedUntil", nullptr}}},
    };
    EXPECT_EQ(parse(out), expected);
}

TEST(Entities, a_thread_says_null_to_who_is_no_member_and_nothing_in_a_broadcast) {
    model::ThreadView view = a_thread();
    std::string everyone;
    append_thread(everyone, view, Audience::everyone);
    EXPECT_FALSE(parse(everyone).as_object().contains("membership"));
    view.membership.reset();
    std::string stranger;
    append_thread(stranger, view, Audience::asker);
    EXPECT_TRUE(parse(stranger).at("membership").is_null());
}

TEST(Entities, a_thread_of_replies_names_its_parent) {
    model::ThreadView view = a_thread();
    view.thread.parent =
        model::ParentMessage{an_id<model::ThreadId>(8), an_id<model::MessageId>(9)};
    view.thread.archived_at = a_time;
    view.membership->muted_until = a_time;
    std::string out;
    append_thread(out, view, Audience::asker);
    const value parent = {
        {"threadId", "01900000-0000-7000-8000-000000000008"},
        {"messageId", "01900000-0000-7000-8000-000000000009"},
    };
    EXPECT_EQ(parse(out).at("parent"), parent);
}

TEST(Entities, a_message_has_the_members_of_the_protocol) {
    const value expected = {
        {"id", "01900000-0000-7000-8000-000000000003"},
        {"threadId", "01900000-0000-7000-8000-000000000004"},
        {"seq", 1042},
        {"rev", 1310},
        {"authorId", "01900000-0000-7000-8000-000000000001"},
        {"nonce", "01900000-0000-7000-8000-000000000005"},
        {"content", "**hi**\n\"\\\x01\x7f €"},
        {"attachments", boost::json::array()},
        {"mentions", boost::json::array()},
        {"replyTo", nullptr},
        {"reactions", boost::json::array()},
        {"replyThread", nullptr},
        {"createdAt", "2026-11-22T06:30:00.123Z"},
        {"editedAt", nullptr},
        {"deletedAt", nullptr},
    };
    EXPECT_EQ(message_json(a_message(), Audience::asker), expected);
    EXPECT_EQ(message_json(a_message(), Audience::everyone), expected);
}

TEST(Entities, an_attachment_has_the_members_of_the_protocol_and_a_link_that_ends) {
    model::Message message = a_message();
    message.attachments = {a_file()};
    const value json = message_json(message, Audience::everyone).at("attachments").at(0);
    value without_links = json;
    const std::string url(json.at("url").as_string());
    const std::string variant_url(json.at("variants").at(0).at("url").as_string());
    EXPECT_TRUE(url.starts_with("https://files.example/files/00000000000000000000000000000007?"));
    EXPECT_TRUE(
        variant_url.starts_with("https://files.example/files/00000000000000000000000000000008?")
    );
    without_links.as_object().erase("url");
    without_links.as_object().at("variants").at(0).as_object().erase("url");
    const value variant = {
        {"width", 320}, {"height", 213}, {"mediaType", "image/webp"}, {"size", 9'000}};
    const value expected = {
        {"id", "01900000-0000-7000-8000-000000000006"},
        {"name", "plan \"A\".png"},
        {"mediaType", "image/png"},
        {"size", 48'211},
        {"width", 1200},
        {"height", 800},
        {"thumbhash", "1QcSHQRnh493V4dIh4eXh1h4kJUI"},
        {"urlExpiresAt", "2026-11-22T06:40:00.000Z"},
        {"variants", boost::json::array{variant}},
    };
    EXPECT_EQ(without_links, expected);
}

TEST(Entities, a_file_that_is_no_picture_has_no_size_in_pixels) {
    model::File file = a_file();
    file.picture.reset();
    file.variants.clear();
    std::string out;
    append_attachment(out, file, some_links());
    const value json = parse(out);
    for (const char* name : {"width", "height", "thumbhash"}) {
        EXPECT_TRUE(json.at(name).is_null()) << name;
    }
    EXPECT_TRUE(json.at("variants").as_array().empty());
}

TEST(Entities, mentions_are_ids_and_all) {
    model::Message message = a_message();
    message.mentions_all = true;
    EXPECT_EQ(message_json(message, Audience::everyone).at("mentions"), parse(R"(["all"])"));
    message.mentions = {an_id<model::UserId>(1)};
    EXPECT_EQ(
        message_json(message, Audience::everyone).at("mentions"),
        parse(R"(["01900000-0000-7000-8000-000000000001","all"])")
    );
}

TEST(Entities, mine_is_said_to_the_asker_only) {
    model::Message message = a_message();
    message.reactions = {
        {.emoji = "👍", .count = 3, .users = {an_id<model::UserId>(1)}, .mine = true},
        {.emoji = ":x:", .count = 1, .users = {}, .mine = false},
    };
    EXPECT_EQ(
        message_json(message, Audience::asker).at("reactions"),
        parse(
            R"([{"emoji":"👍","count":3,"userIds":["01900000-0000-7000-8000-000000000001"],"mine":true},)"
            R"({"emoji":":x:","count":1,"userIds":[]}])"
        )
    );
    EXPECT_EQ(
        message_json(message, Audience::everyone).at("reactions"),
        parse(R"([{"emoji":"👍","count":3,"userIds":["01900000-0000-7000-8000-000000000001"]},)"
              R"({"emoji":":x:","count":1,"userIds":[]}])")
    );
}

TEST(Entities, no_message_is_longer_than_its_bound_says) {
    for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
        SeededRandom random(seed);
        const model::Message message = random_message(random);
        std::string out;
        append_message(out, message, Audience::asker, some_links());
        ASSERT_LE(out.size(), model::wire_size_bound(message)) << "seed " << seed;
        const value json = parse(out);
        ASSERT_EQ(json.as_object().size(), 15U) << "seed " << seed;
        ASSERT_EQ(json.at("content").as_string(), message.content) << "seed " << seed;
        ASSERT_EQ(
            json.at("mentions").as_array().size(),
            message.mentions.size() + (message.mentions_all ? 1 : 0)
        );
    }
}

}  // namespace
}  // namespace banter::api::wire
