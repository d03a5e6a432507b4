// UTF-8 in pieces: the cases of Autobahn's section 6 and of Markus Kuhn's stress test.
#include "net/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::net {
namespace {

/// The number of bytes after which feeding byte by byte fails, or -1.
int fails_after(std::string_view bytes) {
    Utf8Validator validator;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (!validator.feed(bytes.substr(i, 1))) return static_cast<int>(i + 1);
    }
    return -1;
}

const std::vector<std::string> valid{
    "",
    "a",
    "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!",
    "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
    std::string("\0", 1),
    "\x7f",
    "\xc2\x80",
    "\xdf\xbf",
    "\xe0\xa0\x80",
    "\xed\x9f\xbf",
    "\xee\x80\x80",
    "\xef\xbf\xbd",
    "\xef\xbf\xbf",
    "\xf0\x90\x80\x80",
    "\xf0\x9f\x98\x80",
    "\xf3\xbf\xbf\xbf",
    "\xf4\x8f\xbf\xbf",
    "eight by\xc3\xa4tes and more and more"};

const std::vector<std::string> invalid{
    "\x80",
    "\xbf",
    "\xc0\x80",
    "\xc0\xaf",
    "\xc1\xbf",
    "\xe0\x80\x80",
    "\xe0\x9f\xbf",
    "\xed\xa0\x80",
    "\xed\xbf\xbf",
    "\xed\xa0\x80\xed\xb0\x80",
    "\xf0\x80\x80\x80",
    "\xf0\x8f\xbf\xbf",
    "\xf4\x90\x80\x80",
    "\xf5\x80\x80\x80",
    "\xf8\x88\x80\x80\x80",
    "\xfc\x84\x80\x80\x80\x80",
    "\xfe",
    "\xff",
    "\xfe\xfe\xff\xff",
    "a\xc3(",
    "\xe2\x82(",
    "\xf0\x90\x80(",
    "aaaaaaaaaaaaaaaa\xff",
    "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80"
    "edited"};

TEST(Utf8, valid_text_is_accepted_whole_and_byte_by_byte) {
    for (const auto& text : valid) {
        EXPECT_TRUE(is_valid_utf8(text)) << testing::PrintToString(text);
        EXPECT_EQ(fails_after(text), -1) << testing::PrintToString(text);
    }
}

TEST(Utf8, invalid_text_is_refused_whole_and_byte_by_byte) {
    for (const auto& text : invalid) {
        EXPECT_FALSE(is_valid_utf8(text)) << testing::PrintToString(text);
        EXPECT_NE(fails_after(text), -1) << testing::PrintToString(text);
    }
}

TEST(Utf8, text_that_ends_inside_a_character_is_incomplete_and_not_wrong) {
    for (const auto& text : valid) {
        for (std::size_t size = 0; size < text.size(); ++size) {
            Utf8Validator validator;
            EXPECT_TRUE(validator.feed(std::string_view(text).substr(0, size)));
            const bool inside = (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80;
            EXPECT_EQ(validator.complete(), !inside);
        }
    }
}

TEST(Utf8, a_wrong_byte_is_found_at_once) {
    EXPECT_EQ(fails_after("\xf4\x90\x80\x80"), 2);  // Autobahn 6.4.1
    EXPECT_EQ(fails_after("\xed\xa0\x80"), 2);
    EXPECT_EQ(fails_after("\xe0\x80\x80"), 2);
    EXPECT_EQ(fails_after("\xc0\x80"), 1);
    EXPECT_EQ(fails_after("\xf5"), 1);
}

TEST(Utf8, every_code_point_is_accepted_and_every_surrogate_refused) {
    for (unsigned point = 0; point <= 0x10ffff; ++point) {
        std::string text;
        if (point < 0x80) {
            text += static_cast<char>(point);
        } else if (point < 0x800) {
            text += static_cast<char>(0xc0 | point >> 6);
            text += static_cast<char>(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            text += static_cast<char>(0xe0 | point >> 12);
            text += static_cast<char>(0x80 | (point >> 6 & 0x3f));
            text += static_cast<char>(0x80 | (point & 0x3f));
        } else {
            text += static_cast<char>(0xf0 | point >> 18);
            text += static_cast<char>(0x80 | (point >> 12 & 0x3f));
            text += static_cast<char>(0x80 | (point >> 6 & 0x3f));
            text += static_cast<char>(0x80 | (point & 0x3f));
        }
        const bool surrogate = point >= 0xd800 && point <= 0xdfff;
        ASSERT_EQ(is_valid_utf8(text), !surrogate) << point;
    }
}

}  // namespace
}  // namespace banter::net
