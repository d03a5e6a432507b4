// Texts as JSON: every one is read back as it was.
#include "api/wire/text.hpp"

#include "api/wire/testing/samples.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace banter::api::wire {
namespace {

using boost::json::parse;
using namespace testing;

std::string in_quotes(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

TEST(Text, every_text_is_read_back_as_it_was) {
    SeededRandom random(1);
    for (int i = 0; i < 5'000; ++i) {
        const std::string text = random_text(random, 60);
        EXPECT_EQ(parse(in_quotes(text)).as_string(), text);
    }
    std::string all;
    for (int byte = 1; byte < 128; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(parse(in_quotes(all)).as_string(), all);
}

TEST(Text, an_escape_is_found_at_every_place) {
    for (const char letter : {'"', '\\', '\n', '\x01', '\x1f'}) {
        for (std::size_t size = 1; size < 40; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                std::string text(size, '\x7f');
                text[at] = letter;
                EXPECT_EQ(parse(in_quotes(text)).as_string(), text);
            }
        }
    }
}

TEST(Text, only_what_has_to_be_escaped_is) {
    EXPECT_EQ(in_quotes("a/é🌍<&>\x7f"), "\"a/é🌍<&>\x7f\"");
    EXPECT_EQ(in_quotes("\"\\\b\f\n\r\t\x01\x1f"), R"("\"\\\b\f\n\r\t\u0001\u001f")");
}

}  // namespace
}  // namespace banter::api::wire
