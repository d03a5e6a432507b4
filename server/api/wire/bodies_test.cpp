// Bodies of HTTP requests: what is read, and what each kind of wrong text gets.
#include "api/wire/bodies.hpp"

#include <gtest/gtest.h>

namespace banter::api::wire {
namespace {

const model::ThreadId thread{*model::parse_uuid("01900000-0000-7000-8000-0000000000ab")};
const model::MessageId message{thread.uuid};

template <typename Body>
Errc code_of(const Result<Body>& body) {
    return body.has_error() ? body.error().code : Errc::internal;
}

TEST(Bodies, a_registration_and_a_login) {
    const auto registration =
        read_register(R"({"handle":"ada","displayName":"Ada L.","password":"correct horse"})");
    ASSERT_TRUE(registration.has_value());
    EXPECT_EQ(registration->handle, "ada");
    EXPECT_EQ(registration->display_name, "Ada L.");
    EXPECT_EQ(registration->password, "correct horse");
    EXPECT_EQ(read_login(R"({"handle":"ada","password":"x"})")->password, "x");
}

TEST(Bodies, a_registration_is_held_to_its_form) {
    const auto with_name = [](const std::string& name) {
        return read_register(
            R"({"handle":"ada","password":"correct horse","displayName":")" + name + "\"}"
        );
    };
    EXPECT_EQ(code_of(with_name("")), Errc::bad_request);
    EXPECT_EQ(code_of(with_name("   ")), Errc::bad_request);
    EXPECT_EQ(code_of(with_name(R"(a\nb)")), Errc::bad_request);
    EXPECT_EQ(code_of(with_name(R"(a\u0000)")), Errc::bad_request);
    EXPECT_TRUE(with_name(std::string(80, 'x')).has_value());
    EXPECT_EQ(code_of(with_name(std::string(81, 'x'))), Errc::too_large);
    const std::string long_password(2000, 'x');
    EXPECT_EQ(
        code_of(read_login(R"({"handle":"ada","password":")" + long_password + "\"}")),
        Errc::too_large
    );
    EXPECT_EQ(
        code_of(read_login(R"({"handle":"ada","password":"x","role":"owner"})")),
        Errc::unknown_field
    );
    EXPECT_EQ(code_of(read_login(R"({"handle":7,"password":"x"})")), Errc::bad_request);
}

TEST(Bodies, a_thread_is_asked_for_by_kind_visibility_and_name) {
    const auto body = read_create_thread(
        R"({"kind":"channel","visibility":"private","name":"Größe","memberIds":[]})"
    );
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->kind, model::ThreadKind::channel);
    EXPECT_EQ(body->visibility, model::Visibility::private_);
    EXPECT_EQ(body->name, "Größe");
    EXPECT_EQ(
        read_create_thread(R"({"kind":"channel","name":"x"})")->visibility,
        model::Visibility::public_
    );
    EXPECT_EQ(read_create_thread(R"({"kind":"direct"})")->kind, model::ThreadKind::direct);
}

TEST(Bodies, a_thread_is_not_made_of_anything_else) {
    for (const char* text :
         {R"({"kind":"channel","name":""})",
          R"({"kind":"channel"})",
          R"({"kind":"channel","name":7})",
          R"({"kind":"channel","name":null})",
          R"({"kind":"party","name":"x"})",
          R"({"name":"x"})",
          R"({"kind":"channel","name":"x","visibility":"secret"})",
          R"({"kind":"channel","name":"x","memberIds":"all"})",
          R"({"kind":"channel","name":"x","memberIds":["me"]})",
          R"({"kind":"group","visibility":"public"})",
          R"({"kind":"reply","parent":"01900000-0000-7000-8000-0000000000ab"})",
          R"({"kind":"reply","parent":{"threadId":"01900000-0000-7000-8000-0000000000ab"}})",
          "[]",
          "\"x\"",
          "null",
          "",
          "{\"kind\":\"channel\"",
          R"({"kind":"channel","name":"x"} {})",
          R"({"kind":"channel","name":"\ud800"})",
          R"({"kind":"channel","name":"x","name":"y"})"}) {
        EXPECT_EQ(code_of(read_create_thread(text)), Errc::bad_request) << text;
    }
    EXPECT_EQ(
        code_of(read_create_thread(R"({"kind":"channel","name":"x","seq":5})")), Errc::unknown_field
    );
}

TEST(Bodies, a_message_is_read_as_over_the_socket) {
    const auto send = read_send_body(
        R"({"nonce":"01900000-0000-7000-8000-0000000000ab","content":"hi","attachments":[]})",
        thread
    );
    ASSERT_TRUE(send.has_value());
    EXPECT_EQ(send->thread, thread);
    EXPECT_EQ(send->content, "hi");
    EXPECT_EQ(code_of(read_send_body(R"({"content":"hi"})", thread)), Errc::bad_request);
    const auto edit = read_edit_body(R"({"content":"hi","ifRev":4})", message);
    ASSERT_TRUE(edit.has_value());
    EXPECT_EQ(edit->message, message);
    EXPECT_EQ(edit->if_rev, 4U);
    EXPECT_EQ(code_of(read_edit_body(R"({"content":""})", message)), Errc::bad_request);
    EXPECT_EQ(
        code_of(read_edit_body(R"({"content":"x","ifRev":"1"})", message)), Errc::bad_request
    );
}

TEST(Bodies, a_seq_and_nothing) {
    EXPECT_EQ(*read_seq_body(R"({"seq":0})"), 0U);
    for (const char* text :
         {"{}", R"({"seq":-1})", R"({"seq":1.5})", R"({"seq":"1"})", R"({"seq":null})"}) {
        EXPECT_EQ(code_of(read_seq_body(text)), Errc::bad_request) << text;
    }
    EXPECT_TRUE(read_no_body("").has_value());
    EXPECT_TRUE(read_no_body("{}").has_value());
    EXPECT_EQ(code_of(read_no_body("x")), Errc::bad_request);
    EXPECT_EQ(code_of(read_no_body(R"({"role":"owner"})")), Errc::unknown_field);
}

TEST(Bodies, each_kind_of_thread_is_read) {
    const auto group = read_create_thread(
        R"({"kind":"group","memberIds":["01900000-0000-7000-8000-0000000000ab"]})"
    );
    ASSERT_TRUE(group);
    EXPECT_EQ(group->kind, model::ThreadKind::group);
    EXPECT_EQ(group->members.size(), 1U);
    const auto reply = read_create_thread(
        R"({"kind":"reply","parent":{"threadId":"01900000-0000-7000-8000-0000000000ab",)"
        R"("messageId":"01900000-0000-7000-8000-0000000000ac"}})"
    );
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->parent->message.uuid.bytes.back(), 0xac);
    const auto wrong = read_create_thread(
        R"({"kind":"reply","parent":{"threadId":"01900000-0000-7000-8000-0000000000ab",)"
        R"("messageId":"01900000-0000-7000-8000-0000000000ac","seq":1}})"
    );
    EXPECT_EQ(code_of(wrong), Errc::unknown_field);
}

TEST(Bodies, a_change_says_at_least_one_thing) {
    const auto change = read_change_thread(R"({"topic":"","archived":false})", {});
    ASSERT_TRUE(change);
    EXPECT_EQ(change->topic, "");
    EXPECT_EQ(change->archived, false);
    EXPECT_FALSE(change->name);
    EXPECT_EQ(code_of(read_change_thread("{}", {})), Errc::bad_request);
    EXPECT_EQ(code_of(read_change_thread(R"({"archived":1})", {})), Errc::bad_request);
    const std::string long_topic = R"({"topic":")" + std::string(501, 'x') + "\"}";
    EXPECT_EQ(code_of(read_change_thread(long_topic, {})), Errc::too_large);
}

TEST(Bodies, a_role_and_preferences) {
    EXPECT_EQ(read_member_body("").value(), model::ThreadRole::member);
    EXPECT_EQ(read_member_body("{}").value(), model::ThreadRole::member);
    EXPECT_EQ(read_member_body(R"({"role":"owner"})").value(), model::ThreadRole::owner);
    EXPECT_EQ(code_of(read_member_body(R"({"role":"king"})")), Errc::bad_request);
    const auto muted =
        read_preferences(R"({"level":"none","mutedUntil":"2040-01-01T00:00:00.000Z"})");
    ASSERT_TRUE(muted);
    EXPECT_EQ(muted->level, model::Level::none);
    EXPECT_TRUE(muted->muted_until);
    EXPECT_FALSE(read_preferences(R"({"level":"all","mutedUntil":null})")->muted_until);
    EXPECT_EQ(code_of(read_preferences(R"({"mutedUntil":null})")), Errc::bad_request);
    EXPECT_EQ(
        code_of(read_preferences(R"({"level":"all","mutedUntil":"soon"})")), Errc::bad_request
    );
}

}  // namespace
}  // namespace banter::api::wire
