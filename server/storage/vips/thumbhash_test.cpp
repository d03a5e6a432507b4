// Hashes are those of npm's `thumbhash`, the published code, to the byte.
#include "storage/vips/thumbhash.hpp"

#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace banter::vips {

namespace {

using Colour = std::array<std::uint32_t, 4>;

template <typename Look>
std::string hash(std::uint32_t width, std::uint32_t height, Look colour_at) {
    std::vector<std::uint8_t> rgba;
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            for (const std::uint32_t value : Colour(colour_at(x, y))) {
                rgba.push_back(static_cast<std::uint8_t>(value));
            }
        }
    }
    return base64(thumbhash({width, height, rgba}));
}

}  // namespace

TEST(ThumbHash, a_wide_picture_has_more_waves_across) {
    const auto colours = [](auto x, auto y) { return Colour{x * 2, y * 5, x * y, 255}; };
    EXPECT_EQ(hash(100, 40, colours), "WgcKI5Rwdndwd3d3oJEL+Hg=");
}

TEST(ThumbHash, a_high_picture_has_more_waves_down) {
    const auto colours = [](auto x, auto y) { return Colour{x * 7, y * 2, (x + y) * 2, 255}; };
    EXPECT_EQ(hash(33, 97, colours), "XBcOKhhycHh4d4d3hI8I53g=");
}

TEST(ThumbHash, a_square_has_as_many_both_ways) {
    const auto colours = [](auto x, auto y) {
        return Colour{x * x + y, y * y + x * 3, (x ^ y) * 4, 255};
    };
    EXPECT_EQ(hash(64, 64, colours), "3ucFNwRVZWYHl3d3h3eHdXdnZ3Z/BbUJ");
}

TEST(ThumbHash, what_shines_through_is_in_it) {
    const auto colours = [](auto x, auto y) { return Colour{x * 4, y * 3, 200, x * 3 + y}; };
    EXPECT_EQ(hash(60, 80, colours), "JxaGHAwooQeLmHiHGAqboW8Gd0eHd3h3Bw==");
}

TEST(ThumbHash, nothing_to_see_is_a_hash_too) {
    const auto clear = [](auto x, auto y) { return Colour{x * 20, y * 20, 9, 0}; };
    EXPECT_EQ(hash(10, 10, clear), "AAiCBQAAAAAAAAAAAAAAAAAAAAAAAAAAAA==");
    const auto black = [](auto /*x*/, auto /*y*/) { return Colour{0, 0, 0, 255}; };
    EXPECT_EQ(hash(1, 1, black), "AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

TEST(ThumbHash, a_line_is_a_picture) {
    const auto colours = [](auto x, auto /*y*/) { return Colour{x, 255 - x, x * 2, 255}; };
    EXPECT_EQ(hash(100, 1, colours), "3cg4Uc6Hh4eIiAh4f4hid/g=");
}

TEST(ThumbHash, no_picture_has_more_than_25_bytes) {
    for (const std::uint32_t side : {1U, 7U, 99U, 100U}) {
        const auto noise = [](auto x, auto y) { return Colour{x * 91, y * 57, x * y, x * 13}; };
        EXPECT_LE(hash(side, 100, noise).size(), std::size_t{36}) << "in base64";
    }
}

}  // namespace banter::vips
