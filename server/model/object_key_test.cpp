// Keys of objects: random, and strictly read.
#include "model/object_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::model {

TEST(ObjectKey, its_text_names_it_again) {
    SeededRandom random(1);
    for (int i = 0; i < 100; ++i) {
        const ObjectKey key = ObjectKey::make(random);
        EXPECT_EQ(key.text().size(), 32U);
        EXPECT_EQ(ObjectKey::parse(key.text()), key);
    }
    EXPECT_NE(ObjectKey::make(random), ObjectKey::make(random));
}

TEST(ObjectKey, its_text_has_the_order_of_the_key) {
    SeededRandom random(2);
    for (int i = 0; i < 100; ++i) {
        const ObjectKey one = ObjectKey::make(random);
        const ObjectKey other = ObjectKey::make(random);
        EXPECT_EQ(one < other, one.text() < other.text());
    }
}

TEST(ObjectKey, anything_but_32_lower_case_hex_digits_is_none) {
    const std::string good = "00112233445566778899aabbccddeeff";
    ASSERT_TRUE(ObjectKey::parse(good));
    EXPECT_FALSE(ObjectKey::parse(""));
    EXPECT_FALSE(ObjectKey::parse("../../../../../../../etc/passwd0"));
    EXPECT_FALSE(ObjectKey::parse(good + "0"));
    EXPECT_FALSE(ObjectKey::parse(good.substr(1)));
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const char wrong : {'\0', '/', '.', 'A', 'g', ' ', '%', '\x80'}) {
            std::string text = good;
            text[i] = wrong;
            EXPECT_FALSE(ObjectKey::parse(text)) << i;
        }
    }
}

}  // namespace banter::model
