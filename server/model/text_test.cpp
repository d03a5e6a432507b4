// Text from outside: what is well-formed, how long it is, what may be a handle, a name or an emoji.
#include "model/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::model {
namespace {

using namespace std::string_literals;

/// UTF-8 of any number below 2^21, whether it is a character or not.
std::string encode(std::uint32_t code) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
    if (code < 0x80) return {static_cast<char>(code)};
    if (code < 0x800) return {static_cast<char>(0xc0 | (code >> 6)), tail(0)};
    if (code < 0x10000) return {static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

TEST(StorableText, every_code_point_but_zero_and_the_surrogates_is_storable) {
    for (std::uint32_t code = 0; code < 0x120000; ++code) {
        const bool character = code != 0 && code < 0x110000 && !(code >= 0xd800 && code <= 0xdfff);
        ASSERT_EQ(is_storable_text("a" + encode(code) + "b"), character) << code;
    }
}

TEST(StorableText, overlong_stray_and_cut_sequences_are_refused) {
    for (const std::string& text :
         {"\xc0\x80"s,
          "\xc1\xbf"s,
          "\xe0\x9f\xbf"s,
          "\xf0\x8f\xbf\xbf"s,
          "\x80"s,
          "\xbf"s,
          "\xc3"s,
          "\xe2\x82"s,
          "\xf0\x9f\x91"s,
          "\xf5\x80\x80\x80"s,
          "\xff"s,
          "\xfe"s,
          "\xc3("s,
          "\xe2(\xa1"s,
          "\xed\xa0\x80\xed\xb0\x80"s,
          "\0"s,
          "a\0b"s}) {
        EXPECT_FALSE(is_storable_text(text));
    }
    EXPECT_TRUE(is_storable_text(""));
}

TEST(CodePoints, are_counted_not_bytes) {
    EXPECT_EQ(code_points(""), 0U);
    EXPECT_EQ(code_points("abc"), 3U);
    EXPECT_EQ(code_points("\u00e9\u20ac\U0001F44D"), 3U);
}

TEST(Handle, has_2_to_32_of_its_letters) {
    EXPECT_TRUE(is_handle("ab"));
    EXPECT_TRUE(is_handle("a.b_c-9"));
    EXPECT_TRUE(is_handle(std::string(32, 'a')));
    for (const std::string& text :
         {""s,
          "a"s,
          std::string(33, 'a'),
          "Ab"s,
          "a b"s,
          "a@b"s,
          "\u00e9\u00e9"s,
          "ab\n"s,
          "a\0b"s}) {
        EXPECT_FALSE(is_handle(text)) << text;
    }
}

TEST(Handle, each_of_the_256_bytes_is_judged_by_the_list) {
    const std::string letters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    for (int byte = 0; byte < 256; ++byte) {
        const char letter = static_cast<char>(byte);
        EXPECT_EQ(is_handle("a"s + letter), letters.find(letter) != std::string::npos) << byte;
    }
}

TEST(Name, has_1_to_80_characters_of_which_one_is_seen) {
    EXPECT_TRUE(is_name("x"));
    EXPECT_TRUE(is_name("Ada L."));
    std::string longest;
    for (int i = 0; i < 80; ++i) longest += "\U0001F44D";
    EXPECT_TRUE(is_name(longest));
    EXPECT_FALSE(is_name(longest + "x"));
    for (const std::string& text : {""s, " "s, "    "s, "a\nb"s, "a\tb"s, "a\x7f"s, "a\0"s}) {
        EXPECT_FALSE(is_name(text));
    }
    for (const std::string text :
         {"\u00a0",
          "\u00ad",
          "\u034f",
          "\u115f",
          "\u200b",
          "\u200d",
          "\u202e",
          "\u2060",
          "\u2800",
          "\u3000",
          "\u3164",
          "\ufe0f",
          "\ufeff",
          "\uffa0",
          "\U000e0041"}) {
        EXPECT_FALSE(is_name(text)) << text;
        EXPECT_FALSE(is_name(" " + text + text)) << text;
        EXPECT_TRUE(is_name(text + "\u00fc")) << text;
        EXPECT_TRUE(is_name("\U0001F44D" + text)) << text;
    }
    for (const char* text :
         {"\u00a1", "\u00ac", "\u0416", "\u5f20", "\uac00", "\ufdf2", "\U0001d11e"})
        EXPECT_TRUE(is_name(text)) << text;
}

TEST(Emoji, one_of_unicode_or_a_short_name) {
    for (const char* text :
         {"\U0001F44D",
          "\u2764\ufe0f",
          "1\ufe0f\u20e3",
          "#\ufe0f\u20e3",
          ":tada:",
          ":+1:",
          ":e-mail_2:",
          "\U0001F468\u200d\U0001F469\u200d\U0001F467\u200d\U0001F466"}) {
        EXPECT_TRUE(is_emoji(text)) << text;
    }
    for (const std::string& text :
         {""s,
          "a"s,
          "1"s,
          "#"s,
          "::"s,
          ":a b:"s,
          ":A:"s,
          "a:tada:"s,
          "\U0001F44D "s,
          "\U0001F44D\n"s,
          "<b>"s,
          ":"s + std::string(63, 'a') + ":"s}) {
        EXPECT_FALSE(is_emoji(text)) << text;
    }
}

TEST(Cut, shortens_between_characters) {
    const auto shortened = [](std::string text, std::size_t bytes_max) {
        cut(text, bytes_max);
        return text;
    };
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("abc", 2), "ab");
    EXPECT_EQ(shortened("abc", 0), "");
    EXPECT_EQ(shortened("a\u00e9", 2), "a");
    EXPECT_EQ(shortened("a\u00e9", 3), "a\u00e9");
    for (std::size_t size = 1; size < 5; ++size) {
        EXPECT_EQ(shortened("a\U0001F44D", size), "a") << size;
    }
}

TEST(HttpsUrl, is_a_link_that_a_browser_asks_a_host_for) {
    for (const std::string& text :
         {"https://a"s,
          "https://example.com/a.png"s,
          "https://example.com:8443/a?b=c#d"s,
          "https://xn--bcher-kva.example/%C3%A9"s,
          "https://[2001:db8::1]/a"s,
          "https://a/" + std::string(2'038, 'x')}) {
        EXPECT_TRUE(is_https_url(text)) << text;
    }
    for (const std::string& text :
         {""s,
          "https://"s,
          "https:///a"s,
          "https://:8443/a"s,
          "http://example.com/a.png"s,
          "HTTPS://example.com"s,
          "javascript:alert(1)"s,
          "data:image/png;base64,AAAA"s,
          "//example.com/a.png"s,
          "https://user@example.com/"s,
          "https://user:secret@example.com/"s,
          "https://example.com/a b"s,
          "https://example.com/\"onerror"s,
          "https://example.com/<x>"s,
          "https://example.com/\n"s,
          "https://b\u00fccher.example/"s,
          " https://example.com"s,
          "https://a/" + std::string(2'039, 'x')}) {
        EXPECT_FALSE(is_https_url(text)) << text;
    }
}

TEST(Emoji, is_at_most_64_bytes) {
    EXPECT_TRUE(is_emoji(":" + std::string(62, 'a') + ":"));
    std::string emoji;
    for (int i = 0; i < 16; ++i) emoji += "\U0001F44D";
    EXPECT_TRUE(is_emoji(emoji));
    EXPECT_FALSE(is_emoji(emoji + "\U0001F44D"));
}

}  // namespace
}  // namespace banter::model
