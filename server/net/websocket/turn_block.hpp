// The bytes of a turn's broadcasts side by side. A session that gets several of them in a row
// queues one run and is sent one piece of memory: neither we nor the kernel go through them one by
// one.
#pragma once

#include "net/websocket/shared_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace banter::net::websocket {

/// Frames of one form, plain or compressed, in the order in which they were laid; they have an
/// index each. One of each form per shard, emptied when the turn's sends are over. What a session
/// could not send by then it takes over as references to the frames, so that a slow session never
/// holds the bytes of others.
class TurnBlock {
public:
    enum class Form : std::uint8_t { plain, compressed };

    explicit TurnBlock(Form form) : form_(form) {}

    /// The frame's index; copies its bytes behind those of the frames before it if it has none yet.
    /// Nothing: the block is full.
    [[nodiscard]] std::optional<std::uint32_t> lay(const LocalFrame& frame) {
        const std::uint32_t index = frame.node_->index[static_cast<std::size_t>(form_)];
        if (index != LocalFrame::not_laid) return index;
        return lay_first(frame);
    }

    [[nodiscard]] Form form() const { return form_; }
    [[nodiscard]] const LocalFrame& frame(std::uint32_t index) const { return frames_[index]; }
    [[nodiscard]] std::size_t size_of(std::uint32_t begin, std::uint32_t end) const {
        return starts_[end] - starts_[begin];
    }
    /// The bytes of the frames from `begin` up to, not with, `end`.
    [[nodiscard]] std::string_view bytes(std::uint32_t begin, std::uint32_t end) const {
        return {bytes_.data() + starts_[begin], size_of(begin, end)};
    }

    /// Forgets all frames.
    void clear();

private:
    std::optional<std::uint32_t> lay_first(const LocalFrame& frame);

    static constexpr std::size_t bytes_max = 512 * 1024;

    Form form_;
    std::vector<char> bytes_;
    std::vector<std::uint32_t> starts_{0};  // of each frame, and the end of the last
    std::vector<LocalFrame> frames_;
};

}  // namespace banter::net::websocket
