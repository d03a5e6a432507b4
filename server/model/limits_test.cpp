// How limits have to stand to one another; what breaks one of these breaks the protocol.
#include "model/limits.hpp"

#include "model/message.hpp"

#include <gtest/gtest.h>

namespace banter::model {
namespace {

Message largest_message() {
    Message message;
    message.content = std::string(limits::content_bytes_max, '\x01');  // six bytes each as JSON
    message.mentions.resize(limits::mentions_max);
    const Reaction reaction{
        .emoji = std::string(limits::emoji_bytes_max, 'x'),
        .count = UINT32_MAX,
        .users = std::vector<UserId>(limits::reaction_users_named_max),
    };
    message.reactions.resize(limits::reactions_max, reaction);
    return message;
}

TEST(Limits, the_largest_message_fits_into_one_answer) {
    EXPECT_LT(wire_size_bound(largest_message()), limits::answer_bytes_max);
}

TEST(Limits, the_largest_message_with_files_fits_into_a_readers_queue) {
    Message message = largest_message();
    File file;
    file.name = std::string(limits::file_name_bytes_max, '"');
    file.variants.resize(2 * limits::variant_widths.size());
    message.attachments.resize(limits::attachments_max, file);
    EXPECT_LT(wire_size_bound(message), 256U * 1024U);
}

TEST(Limits, a_first_join_is_a_page) { EXPECT_LE(limits::join_messages_max, limits::page_max); }

TEST(Limits, a_token_outlives_its_grace_and_a_sign_in_outlives_its_tokens) {
    EXPECT_GT(limits::token_lifetime, limits::token_grace);
    EXPECT_GT(limits::sign_in_lifetime, limits::token_lifetime);
    EXPECT_GT(limits::token_lifetime, limits::refresh_grace);
}

TEST(WireSizeBound, counts_what_json_makes_longer) {
    Message plain;
    plain.content = "abc";
    Message escaped = plain;
    escaped.content = "\"\\\n";
    EXPECT_EQ(wire_size_bound(escaped), wire_size_bound(plain) + 1 + 1 + 5);
}

}  // namespace
}  // namespace banter::model
