// Letters, blanks and marks of ASCII.
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace banter {
namespace {

TEST(Text, lower_case_changes_letters_of_ascii_alone) {
    EXPECT_EQ(lower_case("Image/PNG [@`{ \xc3\x84"), "image/png [@`{ \xc3\x84");
}

TEST(Text, trimmed_leaves_blanks_within) {
    EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
    EXPECT_EQ(trimmed("a"), "a");
    EXPECT_EQ(trimmed(" \t"), "");
    EXPECT_EQ(trimmed(""), "");
}

TEST(Text, what_stands_before_a_mark_is_taken_off_with_it) {
    std::string_view text = "a,,b";
    EXPECT_EQ(take_until(text, ','), "a");
    EXPECT_EQ(text, ",b");
    EXPECT_EQ(take_until(text, ','), "");
    EXPECT_EQ(take_until(text, ','), "b");
    EXPECT_EQ(text, "");
    EXPECT_EQ(take_until(text, ','), "");
}

}  // namespace
}  // namespace banter
