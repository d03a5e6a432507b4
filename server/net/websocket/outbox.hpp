// What waits to be sent by one session: its own frames (answers), runs of the turn's broadcasts,
// and references to broadcasts of earlier turns, in their order. While it is empty it is 48 bytes
// and nothing else.
#pragma once

#include "net/websocket/frame.hpp"
#include "net/websocket/shared_frame.hpp"
#include "net/websocket/turn_block.hpp"

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace banter::net::websocket {

/// The turn's broadcasts in both forms.
struct TurnBlocks {
    TurnBlock plain{TurnBlock::Form::plain};
    TurnBlock compressed{TurnBlock::Form::compressed};
};

/// Invariant: runs point into the turn's blocks, so none is left when those are emptied (`settle`).
class Outbox {
public:
    Outbox() = default;
    ~Outbox() { clear(); }
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    /// Bytes as they are (the handshake's response); count as an answer.
    void push_bytes(std::string_view bytes);
    /// A frame of the session's own; counts as an answer. 20 heap bytes more than the frame.
    void push_frame(Opcode opcode, std::string_view payload);
    /// A broadcast, to be sent in this turn. compressed: the reader agreed on it; takes effect if
    /// the frame has a compressed form.
    void push_run(const LocalFrame& frame, bool compressed, TurnBlocks& blocks);
    /// A broadcast, to be sent whenever that is possible.
    void push_reference(const LocalFrame& frame, bool compressed);

    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] std::size_t bytes() const {
        return std::size_t{answer_bytes_} + broadcast_bytes_;
    }
    [[nodiscard]] std::size_t answer_bytes() const { return answer_bytes_; }
    [[nodiscard]] std::size_t broadcast_bytes() const { return broadcast_bytes_; }

    /// What is next, in at most so many pieces; returns how many.
    [[nodiscard]] std::size_t gather(std::span<iovec> buffers, const TurnBlocks& blocks) const;
    /// The first `sent` bytes are gone. Returns the number of frames that are gone with their last
    /// byte; those of a run count when all of it is gone, or in `settle`.
    std::size_t consume(std::size_t sent, const TurnBlocks& blocks);
    /// Makes references of all runs. Returns the number of frames of them that are gone.
    std::size_t settle(const TurnBlocks& blocks);

    /// Drops every broadcast of which no byte was sent. No part of a run may have been sent.
    void drop_broadcasts(const TurnBlocks& blocks);
    void clear();

private:
    /// A pointer to a block of bytes or to a LocalFrame::Node, or the bounds of a run; the kind
    /// lies in the two lowest bits.
    using Entry = std::uint64_t;

    [[nodiscard]] static std::string_view view(Entry entry, const TurnBlocks& blocks);
    static void release(Entry entry);
    [[nodiscard]] Entry& at(std::uint32_t place) {
        return capacity_ == 0 ? only_ : ring_[(first_ + place) & (capacity_ - 1)];
    }
    [[nodiscard]] Entry at(std::uint32_t place) const {
        return const_cast<Outbox*>(this)->at(place);
    }
    void push(Entry entry);
    void grow();
    void push_block(std::string_view header, std::string_view payload);
    std::size_t settle_run(Entry run, std::size_t sent, const TurnBlocks& blocks);

    Entry only_ = 0;                 // the first entry while there is no ring
    std::unique_ptr<Entry[]> ring_;  // from the second entry on
    std::uint32_t first_ = 0;
    std::uint32_t count_ = 0;
    std::uint32_t capacity_ = 0;  // of the ring, a power of two
    std::uint32_t sent_of_first_ = 0;
    std::uint32_t answer_bytes_ = 0;
    std::uint32_t broadcast_bytes_ = 0;
};

}  // namespace banter::net::websocket
