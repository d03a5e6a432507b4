// Commands from clients: what is read, and what each kind of wrong text gets.
#include "api/wire/commands.hpp"

#include "base/random.hpp"
#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <vector>

namespace banter::api::wire {
namespace {

constexpr std::string_view id_text = "01900000-0000-7000-8000-0000000000ab";
const model::Uuid uuid = *model::parse_uuid(id_text);

/// The text with every `@` replaced by an id.
std::string with_id(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '@') {
            out += id_text;
        } else {
            out += letter;
        }
    }
    return out;
}

template <typename Of>
Of read(std::string_view text) {
    const Request request = parse_request(with_id(text));
    EXPECT_FALSE(request.malformed) << text;
    if (!request.command) {
        ADD_FAILURE() << text << ": " << request.command.error().detail;
        return {};
    }
    EXPECT_TRUE(std::holds_alternative<Of>(*request.command)) << text;
    return std::get<Of>(*request.command);
}

void expect_refused(const std::string& text, Errc code, bool malformed = false) {
    const Request request = parse_request(text);
    ASSERT_TRUE(request.command.has_error()) << text;
    EXPECT_EQ(request.command.error().code, code) << text << ": " << request.command.error().detail;
    EXPECT_FALSE(request.command.error().detail.empty());
    EXPECT_EQ(request.malformed, malformed) << text;
}

std::string send_with(std::string_view members) {
    return with_id(R"({"type":"message:send","threadId":"@","nonce":"@",)") + std::string(members) +
           "}";
}

TEST(Commands, every_command_is_read_with_all_its_members) {
    EXPECT_EQ(read<Connect>(R"({"type":"connect","token":"a.b.c"})").token, "a.b.c");
    EXPECT_EQ(read<AuthRefresh>(R"({"type":"auth:refresh","token":"x"})").token, "x");
    const auto join =
        read<JoinThread>(R"({"type":"thread:join","threadId":"@","since":7,"epoch":"e"})");
    EXPECT_EQ(join.thread.uuid, uuid);
    EXPECT_EQ(join.since, 7U);
    EXPECT_EQ(join.epoch, "e");
    EXPECT_EQ(read<LeaveThread>(R"({"type":"thread:leave","threadId":"@"})").thread.uuid, uuid);
    const auto send = read<model::SendMessage>(
        R"({"type":"message:send","threadId":"@","nonce":"@","content":"hi",)"
        R"("attachments":[],"replyTo":"@"})"
    );
    EXPECT_EQ(send.thread.uuid, uuid);
    EXPECT_EQ(send.nonce.uuid, uuid);
    EXPECT_EQ(send.content, "hi");
    EXPECT_EQ(send.reply_to->uuid, uuid);
    const auto edit = read<model::EditMessage>(
        R"({"type":"message:edit","messageId":"@","content":"hi","ifRev":3})"
    );
    EXPECT_EQ(edit.message.uuid, uuid);
    EXPECT_EQ(edit.if_rev, 3U);
    EXPECT_EQ(
        read<DeleteMessage>(R"({"type":"message:delete","messageId":"@"})").message.uuid, uuid
    );
    EXPECT_TRUE(read<React>(R"({"type":"reaction:add","messageId":"@","emoji":"👍"})").add);
    EXPECT_FALSE(read<React>(R"({"type":"reaction:remove","messageId":"@","emoji":":x:"})").add);
    EXPECT_TRUE(read<TypingNotice>(R"({"type":"typing:start","threadId":"@"})").typing);
    EXPECT_FALSE(read<TypingNotice>(R"({"type":"typing:stop","threadId":"@"})").typing);
    EXPECT_EQ(read<MarkRead>(R"({"type":"read:mark","threadId":"@","seq":0})").seq, 0U);
    EXPECT_EQ(
        read<SetPresence>(R"({"type":"presence:set","presence":"dnd"})").presence,
        model::Presence::dnd
    );
    const auto watch = read<WatchPresence>(R"({"type":"presence:watch","userIds":["@","@"]})");
    EXPECT_EQ(watch.users, (std::vector{model::UserId{uuid}, model::UserId{uuid}}));
    EXPECT_TRUE(read<WatchPresence>(R"({"type":"presence:watch","userIds":[]})").users.empty());
    read<Ping>(R"({"type":"ping"})");
}

TEST(Commands, a_presence_is_one_that_may_be_chosen_and_a_watch_has_at_most_500_users) {
    for (const char* presence : {R"("offline")", R"("Away")", R"("")", "null", "1", "[]"}) {
        const std::string members = std::string(R"("presence":)") + presence;
        expect_refused(R"({"type":"presence:set",)" + members + "}", Errc::bad_request);
    }
    expect_refused(R"({"type":"presence:set"})", Errc::bad_request);
    const auto watching = [](std::size_t count) {
        std::string text = R"({"type":"presence:watch","userIds":[)";
        for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "\"@\"" : ",\"@\"";
        return with_id(text + "]}");
    };
    EXPECT_EQ(read<WatchPresence>(watching(500)).users.size(), 500U);
    expect_refused(watching(501), Errc::too_large);
    expect_refused(R"({"type":"presence:watch"})", Errc::bad_request);
    expect_refused(R"({"type":"presence:watch","userIds":["x"]})", Errc::bad_request);
}

TEST(Commands, what_is_optional_may_be_absent) {
    EXPECT_FALSE(read<JoinThread>(R"({"type":"thread:join","threadId":"@"})").since.has_value());
    const auto send = read<model::SendMessage>(
        R"({"type":"message:send","threadId":"@","nonce":"@","content":"x"})"
    );
    EXPECT_FALSE(send.reply_to.has_value());
}

TEST(Commands, ids_may_be_upper_case_and_texts_escaped) {
    const auto send = read<model::SendMessage>(
        R"({"type":"message:send","threadId":"01900000-0000-7000-8000-0000000000AB","nonce":"@",)"
        R"("content":"\"\\\/\b\f\n\r\t\u00e9\ud83c\udf0d"})"
    );
    EXPECT_EQ(send.thread.uuid, uuid);
    EXPECT_EQ(send.content, "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x8c\x8d");
}

TEST(Commands, the_id_comes_back_whatever_is_wrong_with_the_rest) {
    for (const char* text : {
             R"({"id":"a","type":"ping"})",
             R"({"id":"a","type":"ping","extra":1})",
             R"({"id":"a","type":"no:such"})",
             R"({"id":"a"})",
             R"({"id":"a","type":"ping","type":"ping"})",
             R"({"id":"a","type":"message:send","content":"\u0000"})",
             R"({"id":"a","type":"message:send","content":"\ud800"})",
             R"({"id":"a","type":"message:send","content":"x\udc00y\\ud800"})",
         }) {
        EXPECT_EQ(parse_request(text).id, "a") << text;
    }
    EXPECT_FALSE(parse_request(R"({"type":"ping"})").id.has_value());
}

TEST(Commands, an_id_is_a_string_of_at_most_64_bytes) {
    const auto ping = [](const std::string& id) { return R"({"type":"ping","id":)" + id + "}"; };
    EXPECT_EQ(parse_request(ping('"' + std::string(64, 'x') + '"')).id, std::string(64, 'x'));
    expect_refused(ping('"' + std::string(65, 'x') + '"'), Errc::too_large);
    for (const char* id : {"7", "null", "{}", "[]", "true"})
        expect_refused(ping(id), Errc::bad_request);
}

TEST(Commands, no_object_and_no_known_type_are_malformed) {
    for (const char* text :
         {"",
          " ",
          "x",
          "[]",
          "7",
          "null",
          "\"ping\"",
          "{}",
          "{\"type\":7}",
          "{\"type\":\"\"}",
          "{\"type\":\"message:explode\"}",
          "{\"type\":\"connected\"}",
          "{\"type\":\"ping\"",
          "{\"type\":\"ping\"} {}",
          "{\"type\":\"ping\",}",
          "{/**/\"type\":\"ping\"}",
          "{'type':'ping'}",
          "{\"type\":\"ping\"}x",
          "\xef\xbb\xbf{\"type\":\"ping\"}",
          "{\"type\":\"pi\nng\"}",
          "{\"type\":NaN}",
          "{\"type\":\"ping\",\"id\":\"\xff\"}",
          "{\"type\":\"ping\",\"id\":\"\xed\xa0\x80\"}"}) {
        expect_refused(text, Errc::bad_request, true);
    }
    expect_refused(std::string("{\"type\":\"ping\"}\0", 16), Errc::bad_request, true);
}

TEST(Commands, nesting_ends_at_32_levels) {
    const auto nested = [](std::size_t depth) {
        return R"({"type":"ping","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    expect_refused(nested(31), Errc::unknown_field);
    expect_refused(nested(33), Errc::bad_request, true);
    expect_refused(nested(20'000), Errc::bad_request, true);
}

TEST(Commands, an_unknown_member_is_named) {
    const Request request = parse_request(R"({"type":"ping","colour":1})");
    EXPECT_EQ(request.command.error().code, Errc::unknown_field);
    EXPECT_NE(request.command.error().detail.find("colour"), std::string::npos);
    for (const char* member :
         {"seq", "rev", "authorId", "createdAt", "mentions", "__proto__", ""}) {
        expect_refused(
            send_with(R"("content":"x",")" + std::string(member) + "\":1"), Errc::unknown_field
        );
    }
    // A long name is cut between characters.
    const std::string name = std::string(63, 'a') + "\xc3\xa9";
    const Request cut = parse_request(R"({"type":"ping",")" + name + "\":1}");
    EXPECT_EQ(cut.command.error().detail, "there is no member " + std::string(63, 'a'));
}

TEST(Commands, a_member_twice_is_refused_at_every_depth) {
    expect_refused(R"({"type":"ping","type":"ping"})", Errc::bad_request);
    expect_refused(R"({"type":"ping","id":"1","id":"1"})", Errc::bad_request);
    expect_refused(send_with(R"("content":"x","content":"x")"), Errc::bad_request);
    expect_refused(R"({"type":"ping","x":[{"a":1,"\u0061":{"b":1}}]})", Errc::bad_request);
}

TEST(Commands, nul_and_half_pairs_are_refused) {
    for (const char* content :
         {R"(\u0000)",
          R"(a\u0000b)",
          R"(\ud800)",
          R"(\udc00)",
          R"(\ud800\ud800)",
          R"(\ud800x)",
          R"(\udc00\ud800)",
          R"(\ud83c\udf0d\ud83c)",
          R"(\\\ud800)"}) {
        expect_refused(
            send_with("\"content\":\"" + std::string(content) + "\""), Errc::bad_request
        );
    }
    expect_refused(R"({"type":"ping","\u0000":1})", Errc::bad_request);
}

TEST(Commands, content_has_1_to_10000_bytes) {
    const auto content = [](const std::string& text) {
        return send_with("\"content\":\"" + text + "\"");
    };
    EXPECT_TRUE(parse_request(content("x")).command.has_value());
    EXPECT_TRUE(parse_request(content(std::string(10'000, 'x'))).command.has_value());
    expect_refused(content(""), Errc::bad_request);
    expect_refused(content(std::string(10'001, 'x')), Errc::too_large);
    std::string wide;
    for (int i = 0; i < 3'334; ++i) wide += "€";
    expect_refused(content(wide), Errc::too_large);
}

TEST(Commands, every_wrong_type_in_every_member_is_bad_request) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> members = {
        {"connect", {"token"}},
        {"auth:refresh", {"token"}},
        {"thread:join", {"threadId", "since", "epoch"}},
        {"thread:leave", {"threadId"}},
        {"message:send", {"threadId", "nonce", "content", "attachments", "replyTo"}},
        {"message:edit", {"messageId", "content", "ifRev"}},
        {"message:delete", {"messageId"}},
        {"reaction:add", {"messageId", "emoji"}},
        {"reaction:remove", {"messageId", "emoji"}},
        {"typing:start", {"threadId"}},
        {"typing:stop", {"threadId"}},
        {"read:mark", {"threadId", "seq"}},
        {"presence:set", {"presence"}},
        {"presence:watch", {"userIds"}},
    };
    EXPECT_EQ(members.size() + 1, command_types().size());  // and ping
    for (const auto& [type, names] : members) {
        for (const std::string& name : names) {
            for (const char* value :
                 {"null", "true", "-1", "1.5", "{}", "[[]]", "1e400", "[7]", "[\"x\"]"}) {
                expect_refused(
                    R"({"type":")" + type + "\",\"" + name + "\":" + value + "}", Errc::bad_request
                );
            }
        }
        EXPECT_EQ(
            parse_request(R"({"type":")" + type + "\"}").command.error().code, Errc::bad_request
        );
    }
}

TEST(Commands, numbers_are_integers_from_0_to_2_to_the_53) {
    const auto mark = [](const std::string& seq) {
        return with_id(R"({"type":"read:mark","threadId":"@","seq":)") + seq + "}";
    };
    for (const char* seq : {"0", "1", "9007199254740992"}) {
        EXPECT_TRUE(parse_request(mark(seq)).command.has_value()) << seq;
    }
    for (const char* seq :
         {"-1",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551616",
          "1e400",
          "1.0",
          "1e3",
          "\"1\"",
          "null"}) {
        expect_refused(mark(seq), Errc::bad_request);
    }
}

TEST(Commands, ids_are_canonical_uuids) {
    for (const char* id :
         {"",
          "x",
          "01900000-0000-7000-8000-0000000000abc",
          "0190000000007000800000000000000ab",
          "{1900000-0000-7000-8000-0000000000ab}",
          "01900000-0000-7000-8000_0000000000ab"}) {
        expect_refused(
            R"({"type":"thread:leave","threadId":")" + std::string(id) + "\"}", Errc::bad_request
        );
    }
}

TEST(Commands, a_message_has_up_to_ten_attachments_each_once) {
    const Request request =
        parse_request(send_with(with_id(R"("content":"","attachments":["@"])")));
    ASSERT_TRUE(request.command.has_value());
    const auto& send = std::get<model::SendMessage>(*request.command);
    ASSERT_EQ(send.attachments.size(), 1U);
    EXPECT_EQ(send.attachments[0].text(), id_text);
    EXPECT_EQ(send.content, "") << "files alone are a message";
    expect_refused(send_with(R"("content":"","attachments":[])"), Errc::bad_request);
    expect_refused(
        send_with(with_id(R"("content":"x","attachments":["@","@"])")), Errc::bad_request
    );
    std::string eleven = with_id("\"@\"");
    for (int i = 0; i < 10; ++i) eleven += with_id(",\"@\"");
    expect_refused(
        send_with("\"content\":\"x\",\"attachments\":[" + eleven + "]"), Errc::too_large
    );
}

TEST(Commands, an_emoji_is_one) {
    for (const char* emoji :
         {"", "x", "a b", "\\n", "👍 👍", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}) {
        expect_refused(
            with_id(R"({"type":"reaction:add","messageId":"@","emoji":")") + emoji + "\"}",
            Errc::bad_request
        );
    }
}

TEST(Commands, types_are_listed_once) {
    const auto types = command_types();
    EXPECT_EQ(std::set<std::string_view>(types.begin(), types.end()).size(), types.size());
}

/// One random change: a byte changed, added or removed, a piece doubled, or two texts crossed.
void mutate(std::string& text, const std::string& other, SeededRandom& random) {
    const std::size_t at = random.below(text.size() + 1);
    switch (random.below(5)) {
        case 0:
            if (at < text.size()) text[at] = static_cast<char>(random.below(256));
            break;
        case 1: text.insert(at, 1, static_cast<char>(random.below(256))); break;
        case 2:
            if (at < text.size()) text.erase(at, 1 + random.below(8));
            break;
        case 3: text.insert(at, text.substr(0, random.below(40))); break;
        default: text = text.substr(0, at) + other.substr(std::min(other.size(), at)); break;
    }
}

TEST(Commands, a_hundred_thousand_mutated_texts_are_read_or_refused) {
    const std::array<std::string, 6> seeds = {
        with_id(R"({"type":"message:send","id":"1","threadId":"@","nonce":"@",)"
                R"("content":"\ud83c\udf0d \"","replyTo":"@"})"),
        with_id(R"({"type":"thread:join","threadId":"@","since":12345,"epoch":"abc"})"),
        with_id(R"({"id":"7","type":"reaction:add","messageId":"@","emoji":"👍"})"),
        with_id(R"({"type":"message:edit","messageId":"@","content":"a\u0000\ud800","ifRev":1e3})"),
        with_id(R"({"type":"message:send","attachments":["@",[{"x":[1,2,{"y":null}]}]]})"),
        R"({"type":"connect","token":"a.b.c"})",
    };
    SeededRandom random(2026);
    std::size_t understood = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text = seeds[random.below(seeds.size())];
        const std::size_t changes = random.below(6);
        for (std::size_t j = 0; j < changes; ++j)
            mutate(text, seeds[random.below(seeds.size())], random);
        const Request request = parse_request(text);
        understood += request.command.has_value() ? 1 : 0;
        if (request.malformed) {
            ASSERT_TRUE(request.command.has_error());
        }
    }
    EXPECT_GT(understood, 10'000U);
    EXPECT_LT(understood, 90'000U);
}

}  // namespace
}  // namespace banter::api::wire
