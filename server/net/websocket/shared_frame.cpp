#include "net/websocket/shared_frame.hpp"

#include "net/websocket/frame.hpp"

namespace banter::net::websocket {

namespace {

std::string framed(std::string_view payload, bool compressed) {
    const FrameHeader header = frame_header(Opcode::text, payload.size(), compressed);
    std::string frame;
    frame.reserve(header.size + payload.size());
    frame += header.view();
    frame += payload;
    return frame;
}

}  // namespace

std::shared_ptr<const SharedFrame> SharedFrame::text(std::string_view payload, Deflater* deflater) {
    std::string plain = framed(payload, false);
    std::string compressed;
    if (deflater != nullptr) compressed = framed(deflater->compress(payload), true);
    // What does not shrink is sent as it is.
    if (compressed.size() >= plain.size()) compressed.clear();
    return std::make_shared<const SharedFrame>(std::move(plain), std::move(compressed));
}

}  // namespace banter::net::websocket
