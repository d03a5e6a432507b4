// A name of a file is text that does nothing.
#include "model/file_name.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::model {
namespace {

TEST(FileName, stays_as_it_is) {
    EXPECT_EQ(file_name("plan.png"), "plan.png");
    EXPECT_EQ(file_name("Über uns (2).tar.gz"), "Über uns (2).tar.gz");
    EXPECT_EQ(file_name(".htaccess"), ".htaccess");
}

TEST(FileName, of_a_path_is_its_last_part) {
    EXPECT_EQ(file_name("../../etc/passwd"), "passwd");
    EXPECT_EQ(file_name("C:\\Users\\ada\\plan.png"), "plan.png");
    EXPECT_EQ(file_name("plan/"), "file");
    EXPECT_EQ(file_name(".."), "file");
}

TEST(FileName, has_no_controls_and_turns_no_writing_around) {
    EXPECT_EQ(file_name("a\r\nb\tc"), "a__b_c");
    EXPECT_EQ(file_name("photo\u202Egnp.exe"), "photo_gnp.exe");
    EXPECT_EQ(file_name("\u2066x\u2069"), "_x_");
}

TEST(FileName, that_is_no_text_is_none) {
    EXPECT_EQ(file_name("\xff\xfe"), "file");
    EXPECT_EQ(file_name(std::string("a\0b", 3)), "file");
    EXPECT_EQ(file_name(""), "file");
    EXPECT_EQ(file_name("  "), "file");
}

TEST(FileName, that_is_long_keeps_its_ending) {
    const std::string name = file_name(std::string(1000, 'x') + ".png");
    EXPECT_EQ(name.size(), limits::file_name_bytes_max);
    EXPECT_TRUE(name.ends_with("x.png"));
    std::string wide;
    for (int i = 0; i < 200; ++i) wide += "ü";
    const std::string cut_name = file_name(wide);
    EXPECT_LE(cut_name.size(), limits::file_name_bytes_max);
    EXPECT_TRUE(is_storable_text(cut_name));
    EXPECT_LE(file_name(std::string(300, 'x') + "." + std::string(200, 'y')).size(), 255U);
}

}  // namespace
}  // namespace banter::model
