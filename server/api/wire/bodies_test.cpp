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

TEST(Bodies, a_set_up_is_an_account_and_what_the_workspace_is_to_be) {
    const std::string account = R"("handle":"ada","displayName":"Ada","password":"correct horse")";
    const auto body = [&](const std::string& rest) { return "{" + account + "," + rest + "}"; };
    const auto set_up = read_set_up(body(R"("code":"c","name":"Home","signUp":"closed")"));
    ASSERT_TRUE(set_up.has_value());
    EXPECT_EQ(set_up->code, "c");
    EXPECT_EQ(set_up->owner.handle, "ada");
    EXPECT_EQ(set_up->owner.invite, std::nullopt);
    EXPECT_EQ(set_up->name, "Home");
    EXPECT_EQ(set_up->sign_up, model::SignUp::closed);
    for (const char* rest :
         {R"("code":"c","name":"Home")",
          R"("code":"c","signUp":"open")",
          R"("name":"Home","signUp":"open")",
          R"("code":"c","name":"","signUp":"open")",
          R"("code":"c","name":"Home","signUp":"everybody")"}) {
        EXPECT_EQ(code_of(read_set_up(body(rest))), Errc::bad_request) << rest;
    }
    EXPECT_EQ(
        code_of(read_set_up(body(R"("code":"c","name":"Home","signUp":"open","role":"owner")"))),
        Errc::unknown_field
    );
}

TEST(Bodies, an_invitation_may_say_nothing) {
    const auto plain = read_create_invite("{}");
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(plain->role, model::WorkspaceRole::member);
    EXPECT_FALSE(plain->uses_max || plain->expires_at);
    EXPECT_TRUE(plain->threads.empty());
    const auto full = read_create_invite(R"({
        "role": "guest", "maxUses": 3, "expiresAt": "2026-11-22T06:30:00.123Z",
        "threadIds": ["01900000-0000-7000-8000-0000000000ab"]
    })");
    ASSERT_TRUE(full.has_value());
    EXPECT_EQ(full->role, model::WorkspaceRole::guest);
    EXPECT_EQ(full->uses_max, 3U);
    EXPECT_TRUE(full->expires_at);
    EXPECT_EQ(full->threads.size(), 1U);
    for (const char* text :
         {R"({"role":"king"})",
          R"({"role":null})",
          R"({"maxUses":"3"})",
          R"({"maxUses":-1})",
          R"({"maxUses":1.5})",
          R"({"expiresAt":"tomorrow"})",
          R"({"expiresAt":"2026-02-30T00:00:00Z"})",
          R"({"threadIds":["x"]})"}) {
        EXPECT_EQ(code_of(read_create_invite(text)), Errc::bad_request) << text;
    }
    EXPECT_EQ(code_of(read_create_invite(R"({"code":"mine"})")), Errc::unknown_field);
    std::string many = R"({"threadIds":[)";
    for (int i = 0; i < 11; ++i) {
        many += std::string(i > 0 ? "," : "") + "\"01900000-0000-7000-8000-0000000000ab\"";
    }
    EXPECT_EQ(code_of(read_create_invite(many + "]}")), Errc::too_large);
}

TEST(Bodies, a_profile_changes_in_what_is_there_and_null_clears) {
    const auto full = read_profile_change(R"({
        "handle": "ada", "displayName": "Ada", "avatarUrl": "https://a/b",
        "status": {"emoji": "x", "text": "y", "expiresAt": "2026-11-22T06:30:00.123Z"}
    })");
    ASSERT_TRUE(full.has_value());
    EXPECT_EQ(full->handle, "ada");
    EXPECT_EQ(full->display_name, "Ada");
    EXPECT_EQ(**full->avatar_url, "https://a/b");
    EXPECT_EQ((*full->status)->text, "y");
    EXPECT_TRUE((*full->status)->expires_at);
    const auto cleared = read_profile_change(R"({"avatarUrl":null,"status":null})");
    ASSERT_TRUE(cleared.has_value());
    EXPECT_FALSE(cleared->handle || cleared->display_name);
    ASSERT_TRUE(cleared->avatar_url && cleared->status);
    EXPECT_FALSE(*cleared->avatar_url || *cleared->status);
    const auto lasting = read_profile_change(R"({"status":{"emoji":"x","expiresAt":null}})");
    EXPECT_FALSE((*lasting->status)->expires_at);
    for (const char* text :
         {"{}",
          R"({"handle":null})",
          R"({"displayName":null})",
          R"({"displayName":" "})",
          R"({"avatarUrl":7})",
          R"({"status":"away"})",
          R"({"status":{"emoji":7}})",
          R"({"status":{"text":"x","expiresAt":"soon"}})"}) {
        EXPECT_EQ(code_of(read_profile_change(text)), Errc::bad_request) << text;
    }
    for (const char* text :
         {R"({"role":"owner"})", R"({"bot":true})", R"({"status":{"text":"x","color":"red"}})"}) {
        EXPECT_EQ(code_of(read_profile_change(text)), Errc::unknown_field) << text;
    }
}

TEST(Bodies, a_user_changes_in_role_or_deactivation) {
    const auto change = read_user_change(R"({"role":"admin","deactivated":false})");
    ASSERT_TRUE(change.has_value());
    EXPECT_EQ(change->role, model::WorkspaceRole::admin);
    EXPECT_EQ(change->deactivated, false);
    for (const char* text :
         {"{}", R"({"role":"king"})", R"({"role":null})", R"({"deactivated":"yes"})"}) {
        EXPECT_EQ(code_of(read_user_change(text)), Errc::bad_request) << text;
    }
    EXPECT_EQ(code_of(read_user_change(R"({"handle":"x"})")), Errc::unknown_field);
}

TEST(Bodies, the_end_of_an_account_may_be_asked_for_without_a_word) {
    const auto plain = read_delete_account("{}");
    ASSERT_TRUE(plain.has_value());
    EXPECT_FALSE(plain->erase || plain->password);
    const auto full = read_delete_account(R"({"erase":true,"password":"x"})");
    EXPECT_TRUE(full->erase);
    EXPECT_EQ(full->password, "x");
    EXPECT_EQ(code_of(read_delete_account(R"({"erase":1})")), Errc::bad_request);
    EXPECT_EQ(code_of(read_delete_account(R"({"password":null})")), Errc::bad_request);
    EXPECT_EQ(code_of(read_delete_account(R"({"erased":true})")), Errc::unknown_field);
}

TEST(Bodies, an_access_token_has_a_name_and_perhaps_an_end) {
    EXPECT_EQ(read_create_token(R"({"name":"x"})")->expires_at, std::nullopt);
    EXPECT_TRUE(read_create_token(R"({"name":"x","expiresAt":"2026-11-22T06:30:00Z"})")->expires_at
    );
    for (const char* text :
         {"{}",
          R"({"name":""})",
          R"({"name":"x","expiresAt":5})",
          R"({"name":"x","expiresAt":""})"}) {
        EXPECT_EQ(code_of(read_create_token(text)), Errc::bad_request) << text;
    }
    EXPECT_EQ(code_of(read_create_token(R"({"name":"x","token":"y"})")), Errc::unknown_field);
}

TEST(Bodies, a_bots_token_names_its_scopes) {
    const auto token = read_create_bot_token(R"({"name":"x","scopes":["read","admin","read"]})");
    ASSERT_TRUE(token.has_value());
    for (const auto scope : model::all_scopes) {
        const bool named = scope == model::Scope::read || scope == model::Scope::admin;
        EXPECT_EQ(token->scopes->has(scope), named);
    }
    EXPECT_TRUE(read_create_bot_token(R"({"name":"x","scopes":[]})")->scopes->empty());
    for (const char* text :
         {R"({"name":"x"})",
          R"({"name":"x","scopes":null})",
          R"({"name":"x","scopes":"read"})",
          R"({"name":"x","scopes":["Read"]})",
          R"({"name":"x","scopes":["read",""]})",
          R"({"name":"x","scopes":["read",1]})",
          R"({"scopes":["read"]})"}) {
        EXPECT_EQ(code_of(read_create_bot_token(text)), Errc::bad_request) << text;
    }
    const char* six = R"({"name":"x","scopes":["read","read","read","read","read","read"]})";
    EXPECT_EQ(code_of(read_create_bot_token(six)), Errc::too_large);
    const char* of_a_person = R"({"name":"x","scopes":["read"]})";
    EXPECT_EQ(code_of(read_create_token(of_a_person)), Errc::unknown_field);
}

TEST(Bodies, a_bot_has_a_name_and_is_a_member_unless_it_says_otherwise) {
    const auto bot = read_create_bot(R"({"handle":"robot","displayName":"The robot"})");
    ASSERT_TRUE(bot.has_value());
    EXPECT_EQ(bot->handle, "robot");
    EXPECT_EQ(bot->display_name, "The robot");
    EXPECT_EQ(bot->avatar_url, std::nullopt);
    EXPECT_EQ(bot->role, model::WorkspaceRole::member);
    EXPECT_EQ(
        read_create_bot(R"({"handle":"r2","displayName":"R","avatarUrl":"a","role":"guest"})")
            ->role,
        model::WorkspaceRole::guest
    );
    for (const char* text :
         {"{}",
          R"({"handle":"robot"})",
          R"({"displayName":"R"})",
          R"({"handle":"robot","displayName":""})",
          R"({"handle":"robot","displayName":"R","role":"bot"})"}) {
        EXPECT_EQ(code_of(read_create_bot(text)), Errc::bad_request) << text;
    }
    const char* with_password = R"({"handle":"robot","displayName":"R","password":"x"})";
    EXPECT_EQ(code_of(read_create_bot(with_password)), Errc::unknown_field);
}

TEST(Bodies, a_change_of_password_names_both) {
    const auto change = read_password_change(R"({"old":"before","new":"after"})");
    ASSERT_TRUE(change.has_value());
    EXPECT_EQ(change->old_password, "before");
    EXPECT_EQ(change->new_password, "after");
    for (const char* text :
         {"{}", R"({"old":"x"})", R"({"new":"x"})", R"({"old":null,"new":"x"})"}) {
        EXPECT_EQ(code_of(read_password_change(text)), Errc::bad_request) << text;
    }
    EXPECT_EQ(
        code_of(read_password_change(R"({"old":"x","new":"y","handle":"ada"})")),
        Errc::unknown_field
    );
    const std::string long_one = R"({"old":"x","new":")" + std::string(1025, 'y') + "\"}";
    EXPECT_EQ(code_of(read_password_change(long_one)), Errc::too_large);
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
    EXPECT_TRUE(read_edit_body(R"({"content":""})", message)) << "files may be left";
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
