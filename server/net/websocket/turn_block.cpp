#include "net/websocket/turn_block.hpp"

namespace banter::net::websocket {

std::optional<std::uint32_t> TurnBlock::lay_first(const LocalFrame& frame) {
    const std::string_view own = form_ == Form::plain ? frame->plain() : frame->compressed();
    if (bytes_.size() + own.size() > bytes_max) return std::nullopt;
    std::uint32_t& index = frame.node_->index[static_cast<std::size_t>(form_)];
    index = static_cast<std::uint32_t>(frames_.size());
    bytes_.insert(bytes_.end(), own.begin(), own.end());
    starts_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    frames_.push_back(frame);
    return index;
}

void TurnBlock::clear() {
    for (const LocalFrame& frame : frames_) {
        frame.node_->index[static_cast<std::size_t>(form_)] = LocalFrame::not_laid;
    }
    frames_.clear();
    bytes_.clear();
    starts_.resize(1);
}

}  // namespace banter::net::websocket
