#pragma once
// The frames that the bare loop of S1 sends: made once, but for the content.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace banter::bench {

/// A server's text frame: header and payload.
inline std::string frame_of(std::string_view payload) {
    std::string frame(1, static_cast<char>(0x81));
    if (payload.size() < 126) {
        frame.push_back(static_cast<char>(payload.size()));
    } else {
        frame.push_back(126);
        frame.push_back(static_cast<char>(payload.size() >> 8));
        frame.push_back(static_cast<char>(payload.size()));
    }
    return frame.append(payload);
}

/// A frame whose payload is `bytes` long and has its content at `content_at`.
struct FrameTemplate {
    std::string frame;
    std::size_t content_at = 0;

    FrameTemplate(std::string_view type, std::size_t bytes) {
        std::string payload = "{\"type\":\"" + std::string(type) + "\",\"content\":\"";
        const std::size_t start = payload.size();
        payload.resize(std::max(bytes, start + 2), 'x');
        payload.replace(payload.size() - 2, 2, "\"}");
        frame = frame_of(payload);
        content_at = frame.size() - payload.size() + start;
    }

    /// Appends the frame with the beginning of `content` in it, as much as fits.
    void append_to(std::vector<char>& out, std::string_view content) const {
        const std::size_t at = out.size();
        out.insert(out.end(), frame.begin(), frame.end());
        const std::size_t room = frame.size() - content_at - 2;
        std::memcpy(out.data() + at + content_at, content.data(), std::min(content.size(), room));
    }
};

}  // namespace banter::bench
