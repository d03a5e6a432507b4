// Frames between a command and the running server.
#include "app/backup/frames.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace banter::app {
namespace {

std::optional<FrameHead> head_of(const std::string& frame) {
    std::array<std::uint8_t, frame_head_bytes> head{};
    std::copy_n(frame.begin(), head.size(), head.begin());
    return parse_frame_head(head);
}

TEST(BackupFrames, a_head_tells_kind_and_size) {
    for (const FrameKind kind :
         {FrameKind::progress, FrameKind::data, FrameKind::done, FrameKind::trouble}) {
        for (const std::size_t size : {0U, 1U, 255U, 256U, 70'000U, 1'048'576U}) {
            const std::string frame = encode_frame(kind, std::string(size, 'x'));
            EXPECT_EQ(frame.size(), frame_head_bytes + size);
            const auto head = head_of(frame);
            ASSERT_TRUE(head);
            EXPECT_EQ(head->kind, kind);
            EXPECT_EQ(head->bytes, size);
        }
    }
}

TEST(BackupFrames, an_unknown_kind_and_a_size_beyond_a_megabyte_are_refused) {
    EXPECT_FALSE(head_of(std::string("x\0\0\0\1", 5)));
    EXPECT_FALSE(head_of(std::string("d\0\x10\0\1", 5)));
    EXPECT_FALSE(head_of(std::string("d\xff\xff\xff\xff", 5)));
}

}  // namespace
}  // namespace banter::app
