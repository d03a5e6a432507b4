// What Redis says is read as it comes, in pieces of any size.
#include "storage/redis/resp.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace banter::redis {
namespace {

using Kind = Reply::Kind;

std::vector<Reply> read(ReplyReader& reader, std::string_view bytes) {
    reader.feed(bytes);
    std::vector<Reply> replies;
    while (auto reply = reader.next()) replies.push_back(*std::move(reply));
    return replies;
}

constexpr std::string_view several =
    "+OK\r\n"
    ":-42\r\n"
    "$5\r\na\r\nbc\r\n"
    "$-1\r\n"
    "-MOVED 3999 127.0.0.1:6381\r\n"
    "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n*2\r\n:1\r\n*0\r\n";

void expect_several(const std::vector<Reply>& replies) {
    ASSERT_EQ(replies.size(), 6U);
    EXPECT_EQ(replies[0].text, "OK");
    EXPECT_EQ(replies[1].integer, -42);
    EXPECT_EQ(replies[2].text, "a\r\nbc");
    EXPECT_EQ(replies[3].kind, Kind::nothing);
    EXPECT_TRUE(replies[4].failed());
    EXPECT_EQ(replies[4].error_name(), "MOVED");
    ASSERT_EQ(replies[5].items.size(), 3U);
    EXPECT_EQ(replies[5].items[1].text, "c");
    ASSERT_EQ(replies[5].items[2].items.size(), 2U);
    EXPECT_EQ(replies[5].items[2].items[0].integer, 1);
    EXPECT_EQ(replies[5].items[2].items[1].kind, Kind::list);
}

TEST(Resp, all_kinds_of_replies_are_read) {
    ReplyReader reader;
    expect_several(read(reader, several));
    EXPECT_EQ(reader.fault(), "");
}

TEST(Resp, they_may_come_byte_by_byte) {
    ReplyReader reader;
    std::vector<Reply> all;
    for (const char byte : several) {
        for (auto& reply : read(reader, {&byte, 1})) all.push_back(std::move(reply));
    }
    expect_several(all);
}

TEST(Resp, what_is_no_reply_is_a_fault_for_good) {
    for (const std::string_view bytes :
         {"HTTP/1.1 200 OK\r\n", "$x\r\n", "*-7\r\n", "*2000000000\r\n", "\x16\x03\x01"}) {
        ReplyReader reader;
        EXPECT_TRUE(read(reader, bytes).empty());
        EXPECT_NE(reader.fault(), "") << bytes;
        EXPECT_TRUE(read(reader, "+OK\r\n").empty());
    }
}

TEST(Resp, a_list_that_was_begun_is_given_back) {
    ReplyReader reader;
    EXPECT_TRUE(read(reader, "*2\r\n*2\r\n$3\r\nabc\r\n").empty());
}

TEST(Resp, noise_is_read_without_harm) {
    SeededRandom random(3);
    for (int i = 0; i < 2'000; ++i) {
        std::string bytes(several);
        for (int change = 0; change < 3; ++change) {
            bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        }
        ReplyReader reader;
        EXPECT_LE(read(reader, bytes).size(), 10U);
    }
}

TEST(Resp, commands_hold_any_bytes) {
    std::string out;
    append_command(out, {"PUBLISH", std::string_view("a\0b", 3), ""});
    const std::string name("a\0b", 3);
    EXPECT_EQ(out, "*3\r\n$7\r\nPUBLISH\r\n$3\r\n" + name + "\r\n$0\r\n\r\n");
}

}  // namespace
}  // namespace banter::redis
