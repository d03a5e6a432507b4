// The queue of a session: order, accounting, partial sends, and that it holds nothing when empty.
#include "net/websocket/outbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

namespace banter::net::websocket {
namespace {

LocalFrame broadcast(std::string_view payload) { return LocalFrame(SharedFrame::text(payload)); }

struct OutboxTest : testing::Test {
    TurnBlocks blocks;
    Outbox outbox;

    void end_turn() {
        outbox.settle(blocks);
        blocks.plain.clear();
        blocks.compressed.clear();
    }

    std::string offered(std::size_t pieces_max = 1'024) {
        std::vector<iovec> buffers(pieces_max);
        const std::size_t count = outbox.gather(buffers, blocks);
        std::string out;
        for (std::size_t i = 0; i < count; ++i) {
            out.append(static_cast<const char*>(buffers[i].iov_base), buffers[i].iov_len);
        }
        return out;
    }
    std::size_t pieces() {
        std::array<iovec, 1'024> buffers;
        return outbox.gather(buffers, blocks);
    }
    /// Everything that is queued, taken `piece` bytes at a time.
    std::string drain(std::size_t piece = 1'000'000) {
        std::string out;
        while (!outbox.empty()) {
            const std::string next = offered(16).substr(0, piece);
            outbox.consume(next.size(), blocks);
            out += next;
        }
        return out;
    }
};

TEST_F(OutboxTest, frames_leave_in_the_order_they_came) {
    for (const std::size_t piece : {1'000'000U, 1U, 2U, 3U, 7U}) {
        outbox.push_bytes("HTTP");
        outbox.push_frame(Opcode::text, "one");
        outbox.push_run(broadcast("two"), false, blocks);
        outbox.push_reference(broadcast("three"), false);
        outbox.push_frame(Opcode::ping, "");
        EXPECT_EQ(outbox.bytes(), 4U + 5U + 5U + 7U + 2U);
        EXPECT_EQ(drain(piece), std::string("HTTP\x81\x03one\x81\x03two\x81\x05three\x89\x00", 23));
        EXPECT_EQ(outbox.bytes(), 0U);
        end_turn();
    }
}

TEST_F(OutboxTest, answers_and_broadcasts_are_counted_apart) {
    outbox.push_frame(Opcode::text, "1234");
    outbox.push_run(broadcast("12345678"), false, blocks);
    EXPECT_EQ(outbox.answer_bytes(), 6U);
    EXPECT_EQ(outbox.broadcast_bytes(), 10U);
    EXPECT_EQ(outbox.consume(7, blocks), 1U);
    EXPECT_EQ(outbox.answer_bytes(), 0U);
    EXPECT_EQ(outbox.broadcast_bytes(), 9U);
    EXPECT_EQ(outbox.consume(9, blocks), 1U);
    EXPECT_TRUE(outbox.empty());
}

TEST_F(OutboxTest, broadcasts_that_follow_each_other_are_one_piece) {
    std::string expected;
    for (const std::string payload : {"one", "two", "three"}) {
        const LocalFrame frame = broadcast(payload);
        outbox.push_run(frame, false, blocks);
        expected += frame->plain();
    }
    EXPECT_EQ(pieces(), 1U);
    EXPECT_EQ(offered(), expected);
    outbox.push_frame(Opcode::text, "answer");
    outbox.push_run(broadcast("four"), false, blocks);
    EXPECT_EQ(pieces(), 3U);
    EXPECT_EQ(outbox.consume(expected.size(), blocks), 3U);
}

TEST_F(OutboxTest, a_session_that_skips_some_broadcasts_gets_the_others) {
    Outbox other;
    for (int i = 0; i < 6; ++i) {
        const LocalFrame frame = broadcast(std::string(1, static_cast<char>('a' + i)));
        other.push_run(frame, false, blocks);
        if (i != 2) outbox.push_run(frame, false, blocks);
    }
    EXPECT_EQ(pieces(), 2U);
    EXPECT_EQ(
        offered(),
        "\x81\x01"
        "a\x81\x01"
        "b\x81\x01"
        "d\x81\x01"
        "e\x81\x01"
        "f"
    );
    other.clear();
}

TEST_F(OutboxTest, what_is_unsent_at_the_end_of_the_turn_is_sent_from_the_frames) {
    for (std::size_t sent = 0; sent <= 15; ++sent) {
        for (const std::string payload : {"one", "two", "abc"})
            outbox.push_run(broadcast(payload), false, blocks);
        std::size_t frames = outbox.consume(sent, blocks);
        if (!outbox.empty()) frames += outbox.settle(blocks);
        EXPECT_EQ(frames, sent / 5);
        blocks.plain.clear();
        EXPECT_EQ(outbox.bytes(), 15U - sent);
        EXPECT_EQ(
            drain(),
            std::string("\x81\x03one\x81\x03two\x81\x03"
                        "abc")
                .substr(sent)
        );
        EXPECT_EQ(outbox.bytes(), 0U);
    }
}

TEST_F(OutboxTest, a_reader_of_compressed_frames_gets_them_where_there_are_any) {
    Deflater deflater;
    const std::string payload(500, 'a');
    const LocalFrame both(SharedFrame::text(payload, &deflater));
    const LocalFrame plain(SharedFrame::text(payload));
    ASSERT_FALSE(both->compressed().empty());
    const std::string expected =
        std::string(both->compressed()) + std::string(both->plain()) + std::string(plain->plain());
    outbox.push_run(both, true, blocks);
    outbox.push_run(both, false, blocks);
    outbox.push_run(plain, true, blocks);
    EXPECT_EQ(offered(), expected);
    outbox.consume(3, blocks);
    end_turn();
    EXPECT_EQ(drain(), expected.substr(3));
    outbox.push_reference(both, true);
    outbox.push_reference(both, false);
    outbox.push_reference(plain, true);
    EXPECT_EQ(drain(), expected);
}

TEST_F(OutboxTest, what_does_not_shrink_is_not_compressed) {
    Deflater deflater;
    EXPECT_TRUE(SharedFrame::text("ab", &deflater)->compressed().empty());
}

TEST_F(OutboxTest, a_shared_frame_is_freed_with_its_last_reference) {
    auto shared = SharedFrame::text("hello");
    const std::weak_ptr<const SharedFrame> watched = shared;
    Outbox second;
    {
        const LocalFrame local(std::move(shared));
        outbox.push_run(local, false, blocks);
        second.push_reference(local, false);
    }
    drain();
    EXPECT_FALSE(watched.expired());
    end_turn();
    EXPECT_FALSE(watched.expired());
    second.clear();
    EXPECT_TRUE(watched.expired());
}

TEST_F(OutboxTest, dropping_broadcasts_keeps_answers_and_what_has_begun) {
    outbox.push_reference(broadcast("begun"), false);
    outbox.push_frame(Opcode::text, "a");
    outbox.push_run(broadcast("dropped"), false, blocks);
    outbox.push_frame(Opcode::text, "b");
    outbox.consume(3, blocks);
    outbox.drop_broadcasts(blocks);
    EXPECT_EQ(outbox.broadcast_bytes(), 4U);
    EXPECT_EQ(
        drain(),
        "egun\x81\x01"
        "a\x81\x01"
        "b"
    );
    outbox.push_run(broadcast("dropped"), false, blocks);
    outbox.drop_broadcasts(blocks);
    EXPECT_TRUE(outbox.empty());
    EXPECT_EQ(outbox.bytes(), 0U);
}

TEST_F(OutboxTest, what_does_not_fit_into_the_block_is_sent_from_where_it_is) {
    std::string expected;
    for (int i = 0; i < 100; ++i) {
        const LocalFrame frame = broadcast(std::string(10'000, static_cast<char>('a' + i % 26)));
        outbox.push_run(frame, false, blocks);
        expected += frame->plain();
    }
    EXPECT_GT(pieces(), 1U);
    EXPECT_LT(pieces(), 100U);
    EXPECT_TRUE(offered() == expected);
    EXPECT_EQ(outbox.bytes(), expected.size());
}

TEST_F(OutboxTest, any_mix_of_pushes_sends_and_turns_gives_the_same_bytes) {
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        std::string pushed, sent;
        std::size_t pushed_frames = 0, sent_frames = 0;
        for (int step = 0; step < 200; ++step) {
            const std::string payload(random() % 300, static_cast<char>('a' + step % 26));
            const LocalFrame frame = broadcast(payload);
            pushed += frame->plain();
            ++pushed_frames;
            switch (random() % 4) {
                case 0: outbox.push_reference(frame, false); break;
                case 1: outbox.push_frame(Opcode::text, payload); break;
                default: outbox.push_run(frame, false, blocks); break;
            }
            if (random() % 3 != 0) continue;
            const std::string next = offered(3);
            const std::size_t size = random() % 2 == 0 ? next.size() : random() % (next.size() + 1);
            sent += next.substr(0, size);
            sent_frames += outbox.consume(size, blocks);
            if (!outbox.empty()) sent_frames += outbox.settle(blocks);
            ASSERT_EQ(outbox.bytes(), pushed.size() - sent.size());
            if (random() % 2 == 0) {
                blocks.plain.clear();
            }
        }
        while (!outbox.empty()) {
            const std::string next = offered(5);
            sent += next;
            sent_frames += outbox.consume(next.size(), blocks);
        }
        blocks.plain.clear();
        ASSERT_TRUE(sent == pushed);
        ASSERT_EQ(sent_frames, pushed_frames);
    }
}

TEST(Outbox, an_empty_one_takes_48_bytes) { EXPECT_LE(sizeof(Outbox), 48U); }

}  // namespace
}  // namespace banter::net::websocket
