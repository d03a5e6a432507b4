// What may be written into a message, and how a repeated request is told from another.
#include "service/content.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <set>

namespace banter::service {
namespace {

std::optional<Errc> code_of(const std::optional<Error>& error) {
    return error ? std::optional(error->code) : std::nullopt;
}

TEST(Content, has_up_to_10000_bytes_of_storable_text) {
    EXPECT_EQ(code_of(mistake_in_content("x")), std::nullopt);
    EXPECT_EQ(code_of(mistake_in_content(std::string(10'000, 'x'))), std::nullopt);
    EXPECT_EQ(code_of(mistake_in_content("")), std::nullopt);
    EXPECT_EQ(code_of(mistake_in_content(std::string(10'001, 'x'))), Errc::too_large);
    EXPECT_EQ(code_of(mistake_in_content(std::string("a\0b", 3))), Errc::bad_request);
    EXPECT_EQ(code_of(mistake_in_content("\xed\xa0\x80")), Errc::bad_request);
}

TEST(Content, what_a_mistake_is_told_with_never_quotes_it) {
    const auto mistake = mistake_in_content("secret\xff");
    ASSERT_TRUE(mistake);
    EXPECT_EQ(mistake->detail.find("secret"), std::string::npos);
}

TEST(Content, an_emoji_is_storable_text_and_an_emoji) {
    EXPECT_EQ(code_of(mistake_in_emoji("\U0001F44D")), std::nullopt);
    EXPECT_EQ(code_of(mistake_in_emoji("\xf0\x9f\x91")), Errc::bad_request);
    EXPECT_EQ(code_of(mistake_in_emoji("x")), Errc::bad_request);
    EXPECT_EQ(code_of(mistake_in_emoji("")), Errc::bad_request);
}

model::SendMessage request_with(
    std::uint8_t thread,
    std::string content,
    std::optional<std::uint8_t> reply_to
) {
    model::SendMessage request;
    request.thread.uuid.bytes[0] = thread;
    request.content = std::move(content);
    if (reply_to) {
        request.reply_to.emplace();
        request.reply_to->uuid.bytes[0] = *reply_to;
    }
    return request;
}

TEST(RequestHash, differs_with_whatever_was_asked_for) {
    std::set<model::RequestHash> seen;
    for (const std::uint8_t thread : {std::uint8_t{0}, std::uint8_t{1}}) {
        for (const std::string& content :
             {std::string("a"), std::string("b"), std::string("ab"), std::string(16, '\0')}) {
            EXPECT_TRUE(
                seen.insert(request_hash(request_with(thread, content, std::nullopt))).second
            );
            EXPECT_TRUE(seen.insert(request_hash(request_with(thread, content, 0))).second);
            EXPECT_TRUE(seen.insert(request_hash(request_with(thread, content, 1))).second);
        }
    }
}

TEST(RequestHash, the_same_request_under_another_nonce_has_the_same_hash) {
    auto first = request_with(1, "a", 2);
    auto second = request_with(1, "a", 2);
    second.nonce.uuid.bytes[3] = 9;
    EXPECT_EQ(request_hash(first), request_hash(second));
}

}  // namespace
}  // namespace banter::service
