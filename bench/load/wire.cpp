// Frames: RFC 6455 section 5.2.

#include "load/wire.hpp"

#include <array>
#include <cstring>
#include <stdexcept>

namespace banter::bench {

namespace {

void append_length(std::string& out, std::size_t length) {
    constexpr unsigned masked = 0x80;
    if (length < 126) {
        out.push_back(static_cast<char>(masked | length));
    } else if (length <= 0xffff) {
        out.push_back(static_cast<char>(masked | 126));
        out.push_back(static_cast<char>(length >> 8));
        out.push_back(static_cast<char>(length));
    } else {
        out.push_back(static_cast<char>(masked | 127));
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.push_back(static_cast<char>(static_cast<std::uint64_t>(length) >> shift));
        }
    }
}

std::size_t big_endian(const char* from, std::size_t count) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | static_cast<unsigned char>(from[i]);
    return value;
}

}  // namespace

void append_client_frame(
    std::string& out,
    unsigned char opcode,
    std::string_view payload,
    std::uint32_t mask
) {
    std::array<char, 4> key{};
    std::memcpy(key.data(), &mask, key.size());
    out.push_back(static_cast<char>(0x80 | opcode));
    append_length(out, payload.size());
    out.append(key.data(), key.size());
    for (std::size_t i = 0; i < payload.size(); ++i) {
        out.push_back(static_cast<char>(payload[i] ^ key[i & 3]));
    }
}

std::optional<ServerFrame> decode_server_frame(std::string_view bytes) {
    if (bytes.size() < 2) return std::nullopt;
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = static_cast<unsigned char>(bytes[1]);
    if ((first & 0xf0) != 0x80 || (second & 0x80) != 0) {
        throw std::runtime_error("a masked, fragmented or compressed frame from the server");
    }
    std::size_t header = 2;
    std::size_t length = second;
    if (length == 126) header = 4;
    if (length == 127) header = 10;
    if (bytes.size() < header) return std::nullopt;
    if (header != 2) length = big_endian(bytes.data() + 2, header - 2);
    if (bytes.size() - header < length) return std::nullopt;
    return ServerFrame{
        static_cast<unsigned char>(first & 0x0f), bytes.substr(header, length), header + length};
}

}  // namespace banter::bench
