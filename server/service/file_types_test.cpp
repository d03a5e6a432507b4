// Which files are taken, and which are pictures.
#include "service/file_types.hpp"

#include <gtest/gtest.h>

namespace banter::service {
namespace {

TEST(FileTypes, the_rules_take_and_refuse) {
    const FileTypeRules all;
    EXPECT_FALSE(refused_type(all, "application/x-dosexec"));
    const FileTypeRules some{.allowed = {"image/*", "text/csv"}, .denied = {"image/gif"}};
    EXPECT_FALSE(refused_type(some, "image/png"));
    EXPECT_FALSE(refused_type(some, "text/csv"));
    EXPECT_EQ(refused_type(some, "text/plain")->code, Errc::unsupported_media);
    EXPECT_EQ(refused_type(some, "image/gif")->code, Errc::unsupported_media);
    EXPECT_TRUE(refused_type(some, "image"));
    EXPECT_TRUE(refused_type({.allowed = {}, .denied = {"video/*"}}, "video/mp4"));
}

TEST(FileTypes, pictures_are_those_that_are_looked_into) {
    EXPECT_TRUE(is_picture("image/png"));
    EXPECT_TRUE(is_picture("image/heic-sequence")) << "some phones' pictures that move";
    EXPECT_TRUE(is_picture("image/heif-sequence"));
    EXPECT_FALSE(is_picture("image/x-canon-cr2"));
    EXPECT_FALSE(is_picture("image/svg+xml"));
    EXPECT_FALSE(is_picture("text/html"));
}

TEST(FileTypes, a_claim_is_a_type_or_an_ending) {
    EXPECT_TRUE(claims_picture("cat.PNG", ""));
    EXPECT_TRUE(claims_picture("cat", "image/jpeg"));
    EXPECT_TRUE(claims_picture("cat", "Image/JPEG; charset=x"));
    EXPECT_FALSE(claims_picture("cat.png.txt", "text/plain"));
    EXPECT_FALSE(claims_picture("drawing.svg", "image/svg+xml"));
}

}  // namespace
}  // namespace banter::service
