// What is written is what tar(1) reads, and what is damaged is nothing.
#include "app/backup/tar.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::app {
namespace {

tar::Entry entry(std::uint64_t bytes) { return {"banter.db", bytes, 1'800'000'000}; }

/// With the sum of its bytes put right again.
std::string resummed(std::string block) {
    block.replace(148, 8, "        ");
    unsigned sum = 0;
    for (const char byte : block) sum += static_cast<unsigned char>(byte);
    std::string digits(7, '0');
    for (std::size_t i = 7; i-- > 0; sum /= 8) digits[i] = static_cast<char>('0' + sum % 8);
    return block.replace(148, 8, digits + '\0');
}

TEST(Tar, a_header_holds_its_name_size_and_time) {
    for (const std::uint64_t bytes :
         {std::uint64_t{0},
          std::uint64_t{1},
          std::uint64_t{077777777777},
          std::uint64_t{0100000000000},
          std::uint64_t{1} << 50U}) {
        const std::string block = tar::header(entry(bytes));
        ASSERT_EQ(block.size(), tar::block_bytes);
        const auto parsed = tar::parse_header(block);
        ASSERT_TRUE(parsed) << bytes;
        EXPECT_EQ(parsed->name, "banter.db");
        EXPECT_EQ(parsed->bytes, bytes);
        EXPECT_EQ(parsed->changed_at, 1'800'000'000);
    }
}

TEST(Tar, files_are_filled_up_to_whole_blocks) {
    EXPECT_EQ(tar::padding(0).size(), 0U);
    EXPECT_EQ(tar::padding(1).size(), 511U);
    EXPECT_EQ(tar::padding(512).size(), 0U);
    EXPECT_EQ(tar::padding(513).size(), 511U);
    EXPECT_TRUE(tar::is_end(tar::end().substr(0, tar::block_bytes)));
}

TEST(Tar, a_changed_byte_makes_it_no_header) {
    const std::string good = tar::header(entry(4711));
    for (std::size_t i = 0; i < good.size(); ++i) {
        // What follows the digits of the sum itself means nothing.
        if (i >= 155 && i < 156) continue;
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x10);
        EXPECT_FALSE(tar::parse_header(bad)) << i;
    }
    EXPECT_FALSE(tar::parse_header(std::string(tar::block_bytes, '\0')));
}

TEST(Tar, only_regular_files_are_entries) {
    for (const char type : {'1', '2', '5', 'x', 'L', '\0'}) {
        std::string block = tar::header(entry(1));
        block[156] = type;
        EXPECT_FALSE(tar::parse_header(resummed(block))) << type;
    }
    EXPECT_TRUE(tar::parse_header(resummed(tar::header(entry(1)))));
}

TEST(Tar, a_size_that_is_no_number_or_does_not_fit_is_refused) {
    std::string letters = tar::header(entry(1));
    letters.replace(124, 11, "0000000000x");
    EXPECT_FALSE(tar::parse_header(resummed(letters)));
    std::string huge = tar::header(entry(1));
    huge.replace(124, 12, "\x80" + std::string(11, '\xff'));
    EXPECT_FALSE(tar::parse_header(resummed(huge)));
}

}  // namespace
}  // namespace banter::app
