// Headers of tus, read strictly.
#include "api/http/tus.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::api::http::tus {
namespace {

std::optional<std::uint64_t> number(const std::string& text) { return number_of(&text); }

Result<Metadata> metadata(const std::string& text) { return metadata_of(&text); }

TEST(Tus, a_number_is_digits_and_nothing_else) {
    EXPECT_EQ(number("0"), 0U);
    EXPECT_EQ(number("5368709120"), 5'368'709'120U);
    EXPECT_EQ(number("999999999999999999"), 999'999'999'999'999'999U);
    for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "1.0", "\xd9\xa3"}) {
        EXPECT_EQ(number(text), std::nullopt) << text;
    }
    EXPECT_EQ(number("9999999999999999999"), std::nullopt);
    EXPECT_EQ(number_of(nullptr), std::nullopt);
}

TEST(Tus, metadata_are_keys_with_base64) {
    const auto both = metadata("filename cGxhbi5wbmc=,filetype aW1hZ2UvcG5n");
    ASSERT_TRUE(both.has_value());
    EXPECT_EQ(both->name, "plan.png");
    EXPECT_EQ(both->media_type, "image/png");
    EXPECT_EQ(metadata("filename cGxhbi5wbmc=, is_confidential").value().name, "plan.png");
    EXPECT_EQ(metadata("relativePath bnVsbA==,name YQ==,type Yi9j").value().media_type, "b/c");
    EXPECT_EQ(metadata("name YQ==,filename Yg==").value().name, "b");
    EXPECT_EQ(metadata("filename /+8=").value().name, "\xff\xef");
    EXPECT_EQ(metadata("").value().name, "");
    EXPECT_EQ(metadata_of(nullptr).value().name, "");
}

TEST(Tus, metadata_that_are_malformed_are_refused) {
    for (const char* text :
         {"filename cGxhbi5wbmc",
          "filename cGxh=bi5",
          "filename ====",
          "filename cGxh bi5w",
          "filename c-_h",
          "filename YQ==,filename YQ==",
          "filename YQ==,,name YQ=="}) {
        EXPECT_FALSE(metadata(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace banter::api::http::tus
