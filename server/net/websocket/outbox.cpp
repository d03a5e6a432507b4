#include "net/websocket/outbox.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace banter::net::websocket {

namespace {

constexpr std::uint32_t least_capacity = 4;

/// The two lowest bits of an entry. `block`: a pointer to bytes with their number before them.
/// `plain` and `compressed`: a pointer to a LocalFrame::Node, and which of its forms. `run`: bounds
/// in a TurnBlock.
enum class Kind : std::uint64_t { block, plain, compressed, run };

constexpr std::uint64_t kind_bits = 3;
constexpr std::uint64_t run_compressed_bit = 4;
constexpr int run_begin_shift = 3;
constexpr int run_end_shift = 33;
constexpr std::uint64_t run_bound_mask = (std::uint64_t{1} << 30) - 1;

using BlockSize = std::uint32_t;

Kind kind_of(std::uint64_t entry) { return static_cast<Kind>(entry & kind_bits); }

bool is_broadcast(std::uint64_t entry) { return kind_of(entry) != Kind::block; }

template <typename T>
T* pointer(std::uint64_t entry) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): what entry_of made of a pointer
    return reinterpret_cast<T*>(static_cast<std::uintptr_t>(entry & ~kind_bits));
}

std::uint64_t entry_of(const void* pointer, Kind kind) {
    return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(pointer)) |
           static_cast<std::uint64_t>(kind);
}

struct Run {
    std::uint32_t begin;
    std::uint32_t end;
    bool compressed;
};

std::uint64_t entry_of(const Run& run) {
    return static_cast<std::uint64_t>(Kind::run) | (run.compressed ? run_compressed_bit : 0) |
           std::uint64_t{run.begin} << run_begin_shift | std::uint64_t{run.end} << run_end_shift;
}

Run run_of(std::uint64_t entry) {
    return {
        static_cast<std::uint32_t>(entry >> run_begin_shift & run_bound_mask),
        static_cast<std::uint32_t>(entry >> run_end_shift & run_bound_mask),
        (entry & run_compressed_bit) != 0};
}

const TurnBlock& block_of(const Run& run, const TurnBlocks& blocks) {
    return run.compressed ? blocks.compressed : blocks.plain;
}

}  // namespace

std::string_view Outbox::view(Entry entry, const TurnBlocks& blocks) {
    switch (kind_of(entry)) {
        case Kind::plain: return pointer<LocalFrame::Node>(entry)->frame->plain();
        case Kind::compressed: return pointer<LocalFrame::Node>(entry)->frame->compressed();
        case Kind::run: {
            const Run run = run_of(entry);
            return block_of(run, blocks).bytes(run.begin, run.end);
        }
        case Kind::block: break;
    }
    const char* const block = pointer<char>(entry);
    BlockSize size = 0;
    std::memcpy(&size, block, sizeof size);
    return {block + sizeof size, size};
}

void Outbox::release(Entry entry) {
    switch (kind_of(entry)) {
        case Kind::block: {
            const std::unique_ptr<char[]> block(pointer<char>(entry));
            break;
        }
        case Kind::plain:
        case Kind::compressed: LocalFrame::release(pointer<LocalFrame::Node>(entry)); break;
        case Kind::run: break;
    }
}

// --- Queueing
// --------------------------------------------------------------------------------------

void Outbox::push(Entry entry) {
    if (count_ == std::max(capacity_, std::uint32_t{1})) grow();
    at(count_) = entry;
    ++count_;
}

void Outbox::grow() {
    const std::uint32_t capacity = std::max(capacity_ * 2, least_capacity);
    auto ring = std::make_unique_for_overwrite<Entry[]>(capacity);
    for (std::uint32_t place = 0; place < count_; ++place) ring[place] = at(place);
    ring_ = std::move(ring);
    first_ = 0;
    capacity_ = capacity;
}

void Outbox::push_block(std::string_view header, std::string_view payload) {
    const auto size = static_cast<BlockSize>(header.size() + payload.size());
    auto block = std::make_unique_for_overwrite<char[]>(sizeof size + size);
    std::memcpy(block.get(), &size, sizeof size);
    std::copy(header.begin(), header.end(), block.get() + sizeof size);
    std::copy(payload.begin(), payload.end(), block.get() + sizeof size + header.size());
    push(entry_of(block.get(), Kind::block));
    static_cast<void>(block.release());
    answer_bytes_ += size;
}

void Outbox::push_bytes(std::string_view bytes) { push_block({}, bytes); }

void Outbox::push_frame(Opcode opcode, std::string_view payload) {
    push_block(frame_header(opcode, payload.size()).view(), payload);
}

void Outbox::push_run(const LocalFrame& frame, bool compressed, TurnBlocks& blocks) {
    const bool as_compressed = compressed && !frame->compressed().empty();
    TurnBlock& block = as_compressed ? blocks.compressed : blocks.plain;
    const auto index = block.lay(frame);
    if (!index) return push_reference(frame, compressed);
    broadcast_bytes_ += static_cast<std::uint32_t>(block.size_of(*index, *index + 1));
    if (count_ > 0) {
        Entry& last = at(count_ - 1);
        Run run = run_of(last);
        if (kind_of(last) == Kind::run && run.compressed == as_compressed && run.end == *index) {
            ++run.end;
            last = entry_of(run);
            return;
        }
    }
    push(entry_of(Run{*index, *index + 1, as_compressed}));
}

void Outbox::push_reference(const LocalFrame& frame, bool compressed) {
    const bool as_compressed = compressed && !frame->compressed().empty();
    push(entry_of(frame.node_, as_compressed ? Kind::compressed : Kind::plain));
    ++frame.node_->references;
    const std::string_view bytes = as_compressed ? frame->compressed() : frame->plain();
    broadcast_bytes_ += static_cast<std::uint32_t>(bytes.size());
}

// --- Sending
// ---------------------------------------------------------------------------------------

std::size_t Outbox::gather(std::span<iovec> buffers, const TurnBlocks& blocks) const {
    const std::size_t count = std::min<std::size_t>(count_, buffers.size());
    std::size_t skipped = sent_of_first_;
    for (std::size_t place = 0; place < count; ++place) {
        std::string_view bytes = view(at(static_cast<std::uint32_t>(place)), blocks);
        bytes.remove_prefix(std::exchange(skipped, 0));
        // iovec is for reading and writing alike; a send does not write.
        buffers[place] = {const_cast<char*>(bytes.data()), bytes.size()};
    }
    return count;
}

std::size_t Outbox::consume(std::size_t sent, const TurnBlocks& blocks) {
    std::size_t frames = 0;
    while (sent > 0) {
        CHECK(count_ > 0);
        const Entry entry = at(0);
        const std::size_t left = view(entry, blocks).size() - sent_of_first_;
        const std::size_t gone = std::min(left, sent);
        (is_broadcast(entry) ? broadcast_bytes_ : answer_bytes_) -=
            static_cast<std::uint32_t>(gone);
        sent -= gone;
        if (gone < left) {
            sent_of_first_ += static_cast<std::uint32_t>(gone);
            break;
        }
        const Run run = run_of(entry);
        frames += kind_of(entry) == Kind::run ? run.end - run.begin : 1;
        release(entry);
        if (capacity_ > 0) first_ = (first_ + 1) & (capacity_ - 1);
        --count_;
        sent_of_first_ = 0;
    }
    if (count_ == 0) clear();
    return frames;
}

std::size_t Outbox::settle(const TurnBlocks& blocks) {
    std::size_t frames = 0;
    // Each entry goes from the front to the back once, runs as what they are made of.
    const std::uint32_t all = count_;
    for (std::uint32_t left = all; left > 0; --left) {
        const Entry entry = at(0);
        if (capacity_ > 0) first_ = (first_ + 1) & (capacity_ - 1);
        --count_;
        if (kind_of(entry) == Kind::run) {
            // Only the first can have been sent in part.
            const std::size_t sent = left == all ? std::exchange(sent_of_first_, 0) : 0;
            frames += settle_run(entry, sent, blocks);
        } else {
            push(entry);
        }
    }
    return frames;
}

std::size_t Outbox::settle_run(Entry entry, std::size_t sent, const TurnBlocks& blocks) {
    const Run run = run_of(entry);
    const TurnBlock& block = block_of(run, blocks);
    std::size_t frames = 0;
    const std::uint32_t accounted = broadcast_bytes_;
    for (std::uint32_t index = run.begin; index < run.end; ++index) {
        const std::size_t size = block.size_of(index, index + 1);
        if (sent >= size) {
            sent -= size;
            ++frames;
            continue;
        }
        if (sent > 0) sent_of_first_ = static_cast<std::uint32_t>(std::exchange(sent, 0));
        push_reference(block.frame(index), run.compressed);
    }
    broadcast_bytes_ = accounted;
    return frames;
}

void Outbox::drop_broadcasts(const TurnBlocks& blocks) {
    std::uint32_t kept = 0;
    for (std::uint32_t place = 0; place < count_; ++place) {
        const Entry entry = at(place);
        const bool begun = place == 0 && sent_of_first_ > 0;
        if (is_broadcast(entry) && !begun) {
            broadcast_bytes_ -= static_cast<std::uint32_t>(view(entry, blocks).size());
            release(entry);
        } else {
            at(kept++) = entry;
        }
    }
    count_ = kept;
    if (count_ == 0) clear();
}

void Outbox::clear() {
    for (std::uint32_t place = 0; place < count_; ++place) release(at(place));
    ring_.reset();
    first_ = count_ = capacity_ = sent_of_first_ = answer_bytes_ = broadcast_bytes_ = 0;
}

}  // namespace banter::net::websocket
