#include "app/backup/frames.hpp"

namespace banter::app {

namespace {

constexpr std::uint32_t bytes_max = 1024 * 1024;

}  // namespace

std::string encode_frame(FrameKind kind, std::string_view bytes) {
    std::string frame(1, static_cast<char>(kind));
    for (int shift = 24; shift >= 0; shift -= 8) {
        frame += static_cast<char>(bytes.size() >> static_cast<unsigned>(shift) & 0xFFU);
    }
    frame += bytes;
    return frame;
}

std::optional<FrameHead> parse_frame_head(const std::array<std::uint8_t, frame_head_bytes>& head) {
    std::uint32_t bytes = 0;
    for (std::size_t i = 1; i < head.size(); ++i) bytes = bytes << 8U | head[i];
    if (bytes > bytes_max) return std::nullopt;
    const auto kind = static_cast<FrameKind>(head[0]);
    switch (kind) {
        case FrameKind::progress:
        case FrameKind::data:
        case FrameKind::done:
        case FrameKind::trouble: return FrameHead{kind, bytes};
    }
    return std::nullopt;
}

}  // namespace banter::app
