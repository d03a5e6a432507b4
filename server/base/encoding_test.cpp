// Bytes as text and back: the vectors of RFC 4648 10, every length, and what must be refused.
#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace banter {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Encoding, base64_is_as_in_the_vectors_of_the_rfc) {
    EXPECT_EQ(base64(bytes_of("")), "");
    EXPECT_EQ(base64(bytes_of("f")), "Zg==");
    EXPECT_EQ(base64(bytes_of("fo")), "Zm8=");
    EXPECT_EQ(base64(bytes_of("foo")), "Zm9v");
    EXPECT_EQ(base64(bytes_of("foobar")), "Zm9vYmFy");
    EXPECT_EQ(base64(bytes_of("\xfb\xff")), "+/8=");
}

TEST(Encoding, base64url_has_its_own_alphabet_and_no_padding) {
    EXPECT_EQ(base64url(std::string_view("f")), "Zg");
    EXPECT_EQ(base64url(std::string_view("\xfb\xff")), "-_8");
}

TEST(Encoding, every_length_of_every_byte_comes_back_from_base64url) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
        bytes += static_cast<char>(i * 37);
    }
}

TEST(Encoding, base64url_refuses_padding_other_alphabets_impossible_lengths_and_stray_bits) {
    for (const char* text :
         {"Zg==", "Zm9v=", "Zm 8", "Zm8\n", "+/8", "Z", "Zm9vY", "Zh", "Zm9", "Zg.", "Zg\x80"}) {
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
    }
    EXPECT_EQ(from_base64url(std::string_view("Zg\0", 3)), std::nullopt);
}

TEST(Encoding, hex_is_lower_case) {
    EXPECT_EQ(hex(std::vector<std::uint8_t>{0x00, 0x9f, 0xff}), "009fff");
}

TEST(Encoding, all_but_the_unreserved_bytes_are_escaped) {
    EXPECT_EQ(percent_encoded("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encoded("a/b c+d%"), "a%2Fb%20c%2Bd%25");
    EXPECT_EQ(percent_encoded("a/b c", "/"), "a/b%20c");
    std::string every;
    for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
    const std::string escaped = percent_encoded(every);
    EXPECT_EQ(percent_decoded(escaped), every);
    EXPECT_EQ(escaped.size(), 256U + 2 * (256 - 66));
}

TEST(Encoding, percent_escapes_are_decoded_and_plus_stays) {
    EXPECT_EQ(percent_decoded("a%2Fb%20c+d%00"), std::string("a/b c+d\0", 8));
    EXPECT_EQ(percent_decoded("%f0%9F%91%8d"), "\U0001F44D");
    EXPECT_EQ(percent_decoded(""), "");
}

TEST(Encoding, broken_percent_escapes_are_refused) {
    for (const char* text : {"%", "%2", "a%", "%zz", "%2g", "%g2", "%%41", "% 1"}) {
        EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace banter
