// The pure parts of storage/sql: the codec of messages, cursors, folding, and how pages are cut.
#include "storage/sql/cursor.hpp"
#include "storage/sql/fold.hpp"
#include "storage/sql/message_codec.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/page_cut.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace banter::sql {

namespace {

template <typename Id>
Id id(std::uint8_t fill) {
    Id made;
    made.uuid.bytes.fill(fill);
    return made;
}

void expect_equal(const model::Message& one, const model::Message& other) {
    EXPECT_EQ(one.id, other.id);
    EXPECT_EQ(one.thread, other.thread);
    EXPECT_EQ(one.seq, other.seq);
    EXPECT_EQ(one.rev, other.rev);
    EXPECT_EQ(one.author, other.author);
    EXPECT_EQ(one.nonce, other.nonce);
    EXPECT_EQ(one.content, other.content);
    EXPECT_EQ(one.attachments, other.attachments);
    EXPECT_EQ(one.mentions, other.mentions);
    EXPECT_EQ(one.mentions_all, other.mentions_all);
    EXPECT_EQ(one.reply_to, other.reply_to);
    EXPECT_EQ(one.created_at, other.created_at);
    EXPECT_EQ(one.edited_at, other.edited_at);
    EXPECT_EQ(one.deleted_at, other.deleted_at);
    ASSERT_EQ(one.reactions.size(), other.reactions.size());
    for (std::size_t i = 0; i < one.reactions.size(); ++i) {
        EXPECT_EQ(one.reactions[i].emoji, other.reactions[i].emoji);
        EXPECT_EQ(one.reactions[i].count, other.reactions[i].count);
        EXPECT_EQ(one.reactions[i].users, other.reactions[i].users);
    }
}

model::Message random_message(std::mt19937& random) {
    model::Message message;
    message.id = id<model::MessageId>(static_cast<std::uint8_t>(random()));
    message.thread = id<model::ThreadId>(7);
    message.seq = random();
    message.rev = message.seq + (std::uint64_t{random()} << 20);
    message.author = id<model::UserId>(static_cast<std::uint8_t>(random()));
    message.nonce = id<model::Nonce>(static_cast<std::uint8_t>(random()));
    message.content.assign(random() % 300, 'x');
    message.mentions.assign(random() % 4, id<model::UserId>(9));
    message.mentions_all = random() % 2 == 0;
    message.created_at = Timestamp{std::chrono::milliseconds{random()}};
    if (random() % 2 == 0) message.reply_to = id<model::MessageId>(3);
    if (random() % 2 == 0) message.edited_at = message.created_at;
    if (random() % 2 == 0) message.deleted_at = message.created_at;
    for (std::size_t i = random() % 3; i > 0; --i) {
        model::File& file = message.attachments.emplace_back();
        file.id = id<model::FileId>(static_cast<std::uint8_t>(random()));
        file.object.bytes[0] = static_cast<std::uint8_t>(random());
        file.name = "plan.png";
        file.media_type = "image/png";
        file.bytes = random();
        if (random() % 2 == 0)
            file.picture = model::PictureFacts{.width = 3, .height = 4, .thumbhash = "abc"};
        file.variants.resize(random() % 3);
        for (auto& variant : file.variants)
            variant = {
                .object = file.object,
                .media_type = "image/webp",
                .width = 5,
                .height = 6,
                .bytes = 7};
    }
    for (std::size_t i = random() % 3; i > 0; --i) {
        model::Reaction& reaction = message.reactions.emplace_back();
        reaction.emoji = "\xF0\x9F\x91\x8D";
        reaction.count = static_cast<std::uint32_t>(random());
        reaction.users.assign(random() % 20, id<model::UserId>(4));
    }
    return message;
}

model::Thread thread_of(model::Seq seq, model::Seq first_seq = 1) {
    model::Thread thread;
    thread.seq = seq;
    thread.first_seq = first_seq;
    return thread;
}

}  // namespace

TEST(MessageCodec, messages_come_back_as_they_were) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<model::Message> messages;
    for (int i = 0; i < 200; ++i) messages.push_back(random_message(random));
    const auto decoded = decode_messages(encode_messages(messages), id<model::ThreadId>(7));
    ASSERT_EQ(decoded.size(), messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) expect_equal(decoded[i], messages[i]);
}

TEST(MessageCodec, nothing_is_no_bytes) {
    EXPECT_TRUE(encode_messages({}).empty());
    EXPECT_TRUE(decode_messages("", id<model::ThreadId>(1)).empty());
    EXPECT_TRUE(decode_users("").empty());
    EXPECT_TRUE(decode_reactions("").empty());
}

TEST(MessageCodec, whose_a_reaction_is_is_not_kept) {
    std::vector<model::Reaction> reactions(1);
    reactions[0].emoji = ":x:";
    reactions[0].mine = true;
    EXPECT_FALSE(decode_reactions(encode_reactions(reactions)).at(0).mine);
}

TEST(MessageCodecDeathTest, damage_stops_the_process) {
    EXPECT_DEATH((void)decode_users("fifteen bytes.."), "check failed");
    EXPECT_DEATH((void)decode_messages("\x01\x02", id<model::ThreadId>(1)), "check failed");
}

TEST(Cursor, a_cursor_comes_back_as_it_was) {
    for (const char* text : {"", "general", "\xC3\xA4rger"}) {
        const auto decoded = decode_cursor(encode_cursor({text, -5, INT64_MAX}));
        ASSERT_TRUE(decoded.has_value());
        EXPECT_EQ(decoded->text, text);
        EXPECT_EQ(decoded->time, -5);
        EXPECT_EQ(decoded->number, INT64_MAX);
    }
}

TEST(Cursor, what_is_no_cursor_is_refused) {
    for (const char* text : {"", "x", "AAAA", "not base64!", "//////////////////////"}) {
        EXPECT_FALSE(decode_cursor(text)) << text;
    }
    std::string bad_text = encode_cursor({"\xFF", 0, 0});
    EXPECT_FALSE(decode_cursor(bad_text));
}

TEST(Fold, letters_become_lower_case_and_the_rest_stays) {
    EXPECT_EQ(folded(""), "");
    EXPECT_EQ(folded("General 1-2_3"), "general 1-2_3");
    EXPECT_EQ(folded("\xC3\x84rger"), "\xC3\xA4rger");
    EXPECT_EQ(folded("\xD0\x9C\xD0\x98\xD0\xA0"), "\xD0\xBC\xD0\xB8\xD1\x80");
    EXPECT_EQ(folded("\xF0\x9F\x8C\xB4"), "\xF0\x9F\x8C\xB4");
    EXPECT_EQ(folded("\xE6\x97\xA5\xE6\x9C\xAC"), "\xE6\x97\xA5\xE6\x9C\xAC");
}

TEST(PageCut, ranges_stay_within_what_is_kept) {
    const auto range = [](storage::HistoryPlace place, const model::Thread& thread) {
        const SeqRange found = range_of(place, 3, thread, 0);
        return std::pair(found.first, found.last);
    };
    const auto kept = thread_of(20, 10);
    EXPECT_EQ(range(storage::Newest{}, kept), std::pair(model::Seq{18}, model::Seq{20}));
    EXPECT_EQ(range(storage::Before{12}, kept), std::pair(model::Seq{10}, model::Seq{11}));
    EXPECT_EQ(range(storage::After{3}, kept), std::pair(model::Seq{10}, model::Seq{12}));
    EXPECT_EQ(range(storage::Around{3}, kept), std::pair(model::Seq{10}, model::Seq{12}));
    EXPECT_EQ(range(storage::Before{5}, kept), std::pair(model::Seq{1}, model::Seq{0}));
    EXPECT_EQ(range(storage::After{18}, kept), std::pair(model::Seq{19}, model::Seq{20}));
    EXPECT_EQ(range(storage::Newest{}, thread_of(0)), std::pair(model::Seq{1}, model::Seq{0}));
}

TEST(PageCut, a_page_that_fits_is_left_alone) {
    std::vector<model::Message> messages(3);
    EXPECT_EQ(cut_to_bytes(messages, storage::Newest{}, SIZE_MAX).size(), 3U);
    EXPECT_TRUE(cut_to_bytes({}, storage::Newest{}, 0).empty());
}

TEST(Mentions, the_distinct_keep_their_order) {
    const auto one = id<model::UserId>(1);
    const auto two = id<model::UserId>(2);
    EXPECT_EQ(distinct({two, one, two, two, one}), (std::vector{two, one}));
    EXPECT_TRUE(distinct({}).empty());
}

TEST(Place, it_holds_the_thread_and_the_seq) {
    const Place place = place_of(123'456, 4'000'000'000);
    EXPECT_EQ(thread_number_of(place), 123'456);
    EXPECT_EQ(seq_of(place), 4'000'000'000U);
}

}  // namespace banter::sql
