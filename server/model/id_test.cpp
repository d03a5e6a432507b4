// Ids: canonical text, and makers whose ids ascend whatever the clock does.
#include "model/id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace banter::model {
namespace {

constexpr Timestamp start{std::chrono::milliseconds(0x0192'3456'789a)};

TEST(Uuid, canonical_text_comes_back) {
    const std::string text = "01923456-789a-7bcd-8ef0-123456789abc";
    const auto uuid = parse_uuid(text);
    ASSERT_TRUE(uuid);
    EXPECT_EQ(to_string(*uuid), text);
    EXPECT_EQ(uuid->bytes[0], 0x01);
    EXPECT_EQ(uuid->bytes[15], 0xbc);
}

TEST(Uuid, upper_case_means_the_same_and_is_written_lower_case) {
    const auto uuid = parse_uuid("01923456-789A-7BCD-8EF0-123456789ABC");
    ASSERT_TRUE(uuid);
    EXPECT_EQ(to_string(*uuid), "01923456-789a-7bcd-8ef0-123456789abc");
}

TEST(Uuid, anything_but_canonical_text_is_refused) {
    const std::string good = "01923456-789a-7bcd-8ef0-123456789abc";
    for (const std::string& text :
         {std::string(),
          good.substr(1),
          good + "0",
          "{" + good + "}",
          std::string("01923456789a7bcd8ef0123456789abc"),
          std::string("01923456-789a-7bcd-8ef0-123456789abg"),
          std::string("01923456-789a7-bcd-8ef0-123456789abc"),
          std::string("01923456-789a-7bcd-8ef0_123456789abc"),
          std::string("01923456-789a-7bcd-8ef0-12345678 abc"),
          std::string("-1923456-789a-7bcd-8ef0-123456789abc")}) {
        EXPECT_EQ(parse_uuid(text), std::nullopt) << text;
    }
}

TEST(Uuid, a_wrong_character_is_refused_wherever_it_stands) {
    const std::string good = "01923456-789a-7bcd-8ef0-123456789abc";
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char wrong : {'g', '\0', '/', ':', '@', '`', '\xff'}) {
            std::string text = good;
            text[at] = wrong;
            EXPECT_EQ(parse_uuid(text), std::nullopt) << at;
        }
    }
}

TEST(IdMaker, an_id_is_a_uuid_of_version_7_that_begins_with_the_time) {
    const ManualClock clock(start);
    SeededRandom random(1);
    IdMaker maker(clock, random);
    const auto text = maker.make<UserId>().text();
    EXPECT_EQ(text.substr(0, 15), "01923456-789a-7");
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
}

TEST(IdMaker, ids_ascend_within_one_millisecond_far_beyond_the_counter) {
    const ManualClock clock(start);
    SeededRandom random(1);
    IdMaker maker(clock, random);
    auto last = maker.make<MessageId>();
    for (int i = 0; i < 20'000; ++i) {
        const auto next = maker.make<MessageId>();
        ASSERT_LT(last, next) << i;
        last = next;
    }
}

TEST(IdMaker, ids_ascend_when_the_clock_goes_back) {
    ManualClock clock(start);
    SeededRandom random(1);
    IdMaker maker(clock, random);
    const auto before = maker.make<MessageId>();
    clock.advance(std::chrono::milliseconds(-60'000));
    const auto after = maker.make<MessageId>();
    EXPECT_LT(before, after);
    clock.advance(std::chrono::milliseconds(120'000));
    EXPECT_LT(after, maker.make<MessageId>());
}

TEST(IdMaker, two_makers_never_make_the_same_id) {
    const ManualClock clock(start);
    SeededRandom first_random(1);
    SeededRandom second_random(2);
    IdMaker first(clock, first_random);
    IdMaker second(clock, second_random);
    std::set<MessageId> seen;
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(seen.insert(first.make<MessageId>()).second);
        EXPECT_TRUE(seen.insert(second.make<MessageId>()).second);
    }
}

TEST(Id, hashes_of_ids_made_together_spread_over_any_number_of_loops) {
    const ManualClock clock(start);
    SeededRandom random(1);
    IdMaker maker(clock, random);
    for (const std::size_t loops : {2U, 3U, 4U, 8U}) {
        std::vector<int> counts(loops, 0);
        for (int i = 0; i < 8000; ++i) ++counts[maker.make<UserId>().hash() % loops];
        for (const int count : counts) EXPECT_GT(count, 8000 / static_cast<int>(loops) / 2);
    }
}

}  // namespace
}  // namespace banter::model
