// Randomness: what is drawn stays in its bounds and reaches all of it, and a seed replays.
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace banter {
namespace {

TEST(SeededRandom, the_same_seed_gives_the_same_bytes) {
    SeededRandom first(7);
    SeededRandom second(7);
    SeededRandom other(8);
    EXPECT_EQ(first.bytes<64>(), second.bytes<64>());
    EXPECT_NE(first.bytes<64>(), other.bytes<64>());
}

TEST(SeededRandom, a_fill_that_is_no_multiple_of_a_word_is_filled_to_its_end_and_no_further) {
    SeededRandom random(1);
    std::vector<std::uint8_t> bytes(16, 0xaa);
    random.fill(std::span(bytes).first(13));
    EXPECT_EQ(
        std::vector<std::uint8_t>(bytes.begin() + 13, bytes.end()),
        std::vector<std::uint8_t>(3, 0xaa)
    );
    EXPECT_NE(
        std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + 13),
        std::vector<std::uint8_t>(13, 0xaa)
    );
}

TEST(Random, below_stays_under_its_bound_and_reaches_every_value) {
    SeededRandom random(3);
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto value = random.below(10);
        ASSERT_LT(value, 10U);
        seen.insert(value);
    }
    EXPECT_EQ(seen.size(), 10U);
    EXPECT_EQ(random.below(1), 0U);
}

/// Gives the words it was made with.
class Scripted final : public Random {
public:
    explicit Scripted(std::vector<std::uint64_t> words) : words_(std::move(words)) {}
    void fill(std::span<std::uint8_t> bytes) override {
        const auto* word = reinterpret_cast<const std::uint8_t*>(&words_.at(next_++));
        std::copy_n(word, bytes.size(), bytes.data());
    }
    std::size_t next_ = 0;

private:
    std::vector<std::uint64_t> words_;
};

TEST(Random, below_draws_again_where_the_remainder_would_favour_low_values) {
    Scripted random({UINT64_MAX, UINT64_MAX - 1, 4});
    EXPECT_EQ(random.below(10), 4U);
    EXPECT_EQ(random.next_, 3U);
}

TEST(SystemRandom, blocks_are_never_given_twice) {
    SystemRandom random;
    std::set<std::array<std::uint8_t, 16>> seen;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random.bytes<16>()).second);
}

TEST(SystemRandom, a_request_larger_than_the_block_is_filled_whole) {
    SystemRandom random;
    std::vector<std::uint8_t> bytes(4096, 0);
    random.fill(bytes);
    // 64 zero bytes in a row happen by chance once in 2^512.
    const std::vector<std::uint8_t> zeros(64, 0);
    EXPECT_EQ(std::search(bytes.begin(), bytes.end(), zeros.begin(), zeros.end()), bytes.end());
}

}  // namespace
}  // namespace banter
