// A broadcast: encoded once per process, shared by all shards, and counted within a shard without
// atomics.
#pragma once

#include "net/websocket/deflate.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace banter::net::websocket {

/// An immutable server frame: header and payload in one piece, and a second time compressed if some
/// reader takes that.
class SharedFrame {
public:
    /// deflater: null if no reader has agreed on compression, or the payload is too small for it.
    [[nodiscard]] static std::shared_ptr<const SharedFrame> text(
        std::string_view payload,
        Deflater* deflater = nullptr
    );

    SharedFrame(std::string plain, std::string compressed)
        : plain_(std::move(plain)), compressed_(std::move(compressed)) {}

    [[nodiscard]] std::string_view plain() const { return plain_; }
    /// Empty if there is none; then the plain one goes to everybody.
    [[nodiscard]] std::string_view compressed() const { return compressed_; }

private:
    std::string plain_;
    std::string compressed_;
};

/// A shard's reference to a SharedFrame, made once per shard and broadcast; copying it costs no
/// atomic. Not to be handed to another shard. 32 bytes per shard and broadcast.
class LocalFrame {
public:
    static constexpr std::uint32_t not_laid = UINT32_MAX;

    /// For the engine.
    struct Node {
        std::shared_ptr<const SharedFrame> frame;
        std::uint32_t references;
        /// Its place in the turn's blocks, plain and compressed.
        std::array<std::uint32_t, 2> index{not_laid, not_laid};
    };

    LocalFrame() = default;
    explicit LocalFrame(std::shared_ptr<const SharedFrame> frame)
        : node_(std::make_unique<Node>(Node{std::move(frame), 1, {not_laid, not_laid}}).release()) {
    }
    LocalFrame(const LocalFrame& other) : node_(other.node_) {
        if (node_ != nullptr) ++node_->references;
    }
    LocalFrame(LocalFrame&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    LocalFrame& operator=(LocalFrame other) noexcept {
        std::swap(node_, other.node_);
        return *this;
    }
    ~LocalFrame() { release(node_); }

    [[nodiscard]] explicit operator bool() const { return node_ != nullptr; }
    [[nodiscard]] const SharedFrame& operator*() const { return *node_->frame; }
    [[nodiscard]] const SharedFrame* operator->() const { return node_->frame.get(); }

private:
    friend class Outbox;     // keeps references as bare pointers with a tag
    friend class TurnBlock;  // knows frames by their index

    static void release(Node* node) {
        if (node != nullptr && --node->references == 0) const std::unique_ptr<Node> last(node);
    }

    Node* node_ = nullptr;
};

}  // namespace banter::net::websocket
