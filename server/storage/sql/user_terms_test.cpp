// What users are found by.
#include "storage/sql/user_terms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace banter::sql {
namespace {

using testing::ElementsAre;

TEST(UserTerms, are_the_handle_and_the_name_from_each_word_on) {
    EXPECT_THAT(
        terms_of("ada", "Ada King Lovelace"),
        ElementsAre("ada", "ada king lovelace", "king lovelace", "lovelace")
    );
    EXPECT_THAT(
        terms_of("ada.lovelace-2", "X"), ElementsAre("2", "ada.lovelace-2", "lovelace-2", "x")
    );
    EXPECT_THAT(terms_of("__", "--"), ElementsAre("__"));
}

TEST(UserTerms, are_in_lower_case_beyond_ascii_too) {
    EXPECT_THAT(
        terms_of("zoe", "ZO\u00cb \u00d6hman"),
        ElementsAre("zoe", "zo\u00eb \u00f6hman", "\u00f6hman")
    );
}

TEST(UserTerms, are_not_without_end) {
    std::string name;
    for (int i = 0; i < 40; ++i) name += "a ";
    EXPECT_LE(terms_of("ada", name).size(), 10U);
}

}  // namespace
}  // namespace banter::sql
