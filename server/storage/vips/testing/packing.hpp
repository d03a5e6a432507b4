// Texts in one text and back, for what tests tell processes of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace banter::vips {

/// First argument of the test program for it to be a maker (picture_maker.hpp).
inline constexpr const char* maker_command = "picture-maker";

inline std::string packed(const std::vector<std::string>& texts) {
    std::string bytes;
    for (const std::string& text : texts) {
        const std::uint64_t size = text.size();
        bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
        bytes += text;
    }
    return bytes;
}

inline std::vector<std::string> unpacked(std::string_view bytes) {
    std::vector<std::string> texts;
    while (!bytes.empty()) {
        std::uint64_t size = 0;
        std::memcpy(&size, bytes.data(), sizeof size);
        bytes.remove_prefix(sizeof size);
        texts.emplace_back(bytes.substr(0, static_cast<std::size_t>(size)));
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return texts;
}

}  // namespace banter::vips
