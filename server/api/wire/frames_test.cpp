// Events and answers as frames: exactly the members of the protocol.
#include "api/wire/events.hpp"
#include "api/wire/replies.hpp"
#include "api/wire/testing/links.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace banter::api::wire {
namespace {

using boost::json::parse;
using boost::json::value;
using namespace testing;
using namespace std::chrono_literals;

std::vector<std::string> members(const value& json) {
    std::vector<std::string> names;
    for (const auto& member : json.as_object()) names.emplace_back(member.key());
    return names;
}

value message_json(const model::Message& message, Audience audience) {
    std::string out;
    append_message(out, message, audience, some_links());
    return parse(out);
}

std::string encode(const model::Event& event) { return wire::encode(event, some_links()); }

model::Event event_of(model::EventBody body, model::Rev rev = 0) {
    return model::Event{.thread = an_id<model::ThreadId>(4), .rev = rev, .body = std::move(body)};
}

TEST(Events, a_new_message) {
    const value json = parse(encode(event_of(model::MessageNew{a_message()}, 1310)));
    const value expected = {
        {"type", "message:new"},
        {"threadId", "01900000-0000-7000-8000-000000000004"},
        {"rev", 1310},
        {"message", message_json(a_message(), Audience::everyone)},
    };
    EXPECT_EQ(json, expected);
}

TEST(Events, an_update_names_the_reaction_that_made_it) {
    model::Message message = a_message();
    message.reactions = {{.emoji = "👍", .count = 1, .users = {}, .mine = true}};
    const model::ReactionChange change{
        .emoji = "👍", .user = an_id<model::UserId>(1), .added = true};
    const value json = parse(encode(event_of(model::MessageUpdate{message, change}, 1311)));
    const value expected = {
        {"type", "message:update"},
        {"threadId", "01900000-0000-7000-8000-000000000004"},
        {"rev", 1311},
        {"message", message_json(message, Audience::everyone)},
        {"reaction",
         {{"emoji", "👍"}, {"userId", "01900000-0000-7000-8000-000000000001"}, {"added", true}}},
    };
    EXPECT_EQ(json, expected);
    const value edit = parse(encode(event_of(model::MessageUpdate{message, std::nullopt}, 1311)));
    EXPECT_FALSE(edit.as_object().contains("reaction"));
}

TEST(Events, typing_and_reading) {
    const value typing = {
        {"type", "typing:update"},
        {"threadId", "01900000-0000-7000-8000-000000000004"},
        {"userId", "01900000-0000-7000-8000-000000000001"},
        {"typing", true},
        {"expiresInMs", 6000},
    };
    const auto thread = an_id<model::ThreadId>(4);
    const auto user = an_id<model::UserId>(1);
    EXPECT_EQ(parse(encode(event_of(model::TypingUpdate{thread, user, true, 6s}))), typing);
    const value read = {
        {"type", "read:update"},
        {"threadId", "01900000-0000-7000-8000-000000000004"},
        {"userId", "01900000-0000-7000-8000-000000000001"},
        {"seq", 3},
        {"unread", 1},
        {"mentions", 0},
    };
    const model::Event reading = event_of(model::ReadUpdate{thread, user, 3, 1, 0});
    EXPECT_EQ(parse(encode_own(reading)), read);
    value to_others = read;
    to_others.as_object().erase("unread");
    to_others.as_object().erase("mentions");
    EXPECT_EQ(parse(encode(reading)), to_others);
}

TEST(Events, what_happens_to_threads_and_their_members) {
    const auto thread = an_id<model::ThreadId>(4);
    const auto user = an_id<model::UserId>(1);
    const char* const thread_text = "01900000-0000-7000-8000-000000000004";
    const char* const user_text = "01900000-0000-7000-8000-000000000001";
    std::string thread_json;
    append_thread(thread_json, {a_thread().thread, {}}, Audience::everyone);
    const value update = {
        {"type", "thread:update"},
        {"threadId", thread_text},
        {"rev", 1310},
        {"thread", parse(thread_json)},
    };
    EXPECT_EQ(parse(encode(event_of(model::ThreadUpdate{a_thread().thread}, 1310))), update);
    EXPECT_FALSE(update.at("thread").as_object().contains("membership"));

    model::MemberUpdate member{.thread = thread, .user = user, .role = model::ThreadRole::owner};
    member.level = model::Level::mentions;
    const value joined = {
        {"type", "member:update"},
        {"threadId", thread_text},
        {"userId", user_text},
        {"role", "owner"},
    };
    EXPECT_EQ(parse(encode(event_of(member))), joined);
    value own = joined;
    own.as_object()["level"] = "mentions";
    own.as_object()["mutedUntil"] = nullptr;
    EXPECT_EQ(parse(encode_own(event_of(member))), own);
    member.role.reset();
    value gone = joined;
    gone.as_object()["role"] = nullptr;
    EXPECT_EQ(parse(encode(event_of(member))), gone);
    EXPECT_EQ(encode_own(event_of(member)), "");

    const value removed = {{"type", "thread:removed"}, {"threadId", thread_text}};
    EXPECT_EQ(parse(encode(event_of(model::ThreadRemoved{thread, user}))), removed);
    const value activity = {
        {"type", "thread:activity"},
        {"threadId", thread_text},
        {"seq", 7},
        {"mentioned", {user_text, "all"}},
    };
    EXPECT_EQ(parse(encode(event_of(model::ThreadActivity{thread, 7, {user}, true}))), activity);
}

TEST(Events, what_happens_to_people) {
    std::string user_json;
    append_account(user_json, a_user());
    const model::Event update{.body = model::UserUpdate{a_user()}};
    EXPECT_EQ(parse(encode(update)), (value{{"type", "user:update"}, {"user", parse(user_json)}}));
    const model::PresenceUpdate there{a_user().id, model::Presence::dnd, a_time};
    const value presence = {
        {"type", "presence:update"},
        {"userId", "01900000-0000-7000-8000-000000000001"},
        {"presence", "dnd"},
        {"lastActiveAt", "2026-11-22T06:30:00.123Z"},
    };
    EXPECT_EQ(parse(encode({.body = there})), presence);
    EXPECT_EQ(encode({.body = model::Revocation{.user = a_user().id}}), "");
}

TEST(Events, random_messages_make_valid_frames) {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        SeededRandom random(seed);
        const model::Message message = random_message(random);
        const value json = parse(encode(event_of(model::MessageNew{message}, message.rev)));
        ASSERT_EQ(json.at("message"), message_json(message, Audience::everyone)) << "seed " << seed;
    }
}

TEST(Replies, re_comes_back_as_it_was_or_not_at_all) {
    EXPECT_EQ(
        pong(std::nullopt, a_time), R"({"type":"pong","serverTime":"2026-11-22T06:30:00.123Z"})"
    );
    EXPECT_EQ(parse(pong("\"\\\x01€", a_time)).at("re").as_string(), "\"\\\x01€");
    EXPECT_EQ(parse(pong("", a_time)).at("re").as_string(), "");
}

TEST(Replies, connected_has_the_members_of_the_protocol) {
    service::SignedIn signed_in{.caller = {}, .user = a_user(), .workspace_name = "Home"};
    signed_in.caller.workspace = an_id<model::WorkspaceId>(2);
    signed_in.caller.role = model::WorkspaceRole::admin;
    signed_in.caller.token_expires_at = a_time + 15min;
    const ConnectedFacts facts{
        .signed_in = signed_in,
        .epoch = "e1",
        .session_id = "s1",
        .server_time = a_time,
    };
    std::string user;
    append_user(user, signed_in.user);
    const value expected = {
        {"type", "connected"},
        {"re", "1"},
        {"protocol", 1},
        {"features", boost::json::array()},
        {"epoch", "e1"},
        {"user", parse(user)},
        {"workspace",
         {{"id", "01900000-0000-7000-8000-000000000002"}, {"name", "Home"}, {"role", "admin"}}},
        {"sessionId", "s1"},
        {"serverTime", "2026-11-22T06:30:00.123Z"},
        {"heartbeatMs", 30000},
        {"tokenExpiresAt", "2026-11-22T06:45:00.123Z"},
    };
    EXPECT_EQ(parse(connected("1", facts)), expected);
}

TEST(Replies, a_join_answers_with_thread_messages_users_and_the_point_it_reaches) {
    service::Joined joined;
    joined.view = a_thread();
    joined.messages = {a_message(), a_message()};
    joined.users = {a_user()};
    joined.rev = 1310;
    joined.complete = false;
    const value json = parse(thread_joined("1", joined, some_links()));
    const std::vector<std::string> names = {
        "type", "re", "threadId", "thread", "messages", "users", "rev", "complete", "reset"};
    EXPECT_EQ(members(json), names);
    EXPECT_EQ(json.at("rev"), 1310);
    EXPECT_EQ(json.at("complete"), false);
    EXPECT_EQ(json.at("reset"), false);
    EXPECT_EQ(json.at("messages").as_array().size(), 2U);
    EXPECT_EQ(json.at("thread").at("membership").at("unread"), 2);
}

TEST(Replies, presence) {
    const value changed = {{"type", "presence:changed"}, {"re", "1"}, {"presence", "away"}};
    EXPECT_EQ(parse(presence_changed("1", model::Presence::away)), changed);
    const value watching = {
        {"type", "presence:watching"},
        {"re", "1"},
        {"presences",
         {{{"userId", "01900000-0000-7000-8000-000000000001"},
           {"presence", "online"},
           {"lastActiveAt", "2026-11-22T06:30:00.123Z"}},
          {{"userId", "01900000-0000-7000-8000-000000000002"},
           {"presence", "offline"},
           {"lastActiveAt", nullptr}}}},
    };
    const std::vector<model::UserPresence> presences = {
        {an_id<model::UserId>(1), model::Presence::online, a_time},
        {an_id<model::UserId>(2), model::Presence::offline, std::nullopt}};
    EXPECT_EQ(parse(presence_watching("1", presences)), watching);
    EXPECT_EQ(presence_watching({}, {}), R"({"type":"presence:watching","presences":[]})");
}

TEST(Replies, the_small_ones) {
    const value refreshed = {
        {"type", "auth:refreshed"}, {"tokenExpiresAt", "2026-11-22T06:30:00.123Z"}};
    EXPECT_EQ(parse(auth_refreshed(std::nullopt, a_time)), refreshed);
    const value left = {
        {"type", "thread:left"}, {"re", "1"}, {"threadId", "01900000-0000-7000-8000-000000000004"}};
    EXPECT_EQ(parse(thread_left("1", an_id<model::ThreadId>(4))), left);
    const value marked = {
        {"type", "read:marked"},
        {"re", "1"},
        {"threadId", "01900000-0000-7000-8000-000000000004"},
        {"seq", 5},
        {"unread", 6},
        {"mentions", 7},
    };
    EXPECT_EQ(parse(read_marked("1", {an_id<model::ThreadId>(4), 5, 6, 7})), marked);
    const value sent = {
        {"type", "message:sent"},
        {"re", "1"},
        {"message", message_json(a_message(), Audience::asker)},
    };
    EXPECT_EQ(parse(message_answer("message:sent", "1", a_message(), some_links())), sent);
}

TEST(Replies, an_error_has_code_detail_and_perhaps_when_to_try_again) {
    const value plain = {
        {"type", "error"},
        {"re", "1"},
        {"code", "forbidden"},
        {"detail", "no"},
        {"retryAfterMs", nullptr}};
    EXPECT_EQ(parse(error("1", {Errc::forbidden, "no", {}})), plain);
    const value limited = {
        {"type", "error"}, {"code", "rate_limited"}, {"detail", "slowly"}, {"retryAfterMs", 250}};
    EXPECT_EQ(parse(error(std::nullopt, {Errc::rate_limited, "slowly", 250ms})), limited);
}

}  // namespace
}  // namespace banter::api::wire
