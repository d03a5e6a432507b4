#pragma once
// Ids and hashes that look like Banter's to a database: ids rise, everything else is random.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace banter::bench {

using Uuid = std::array<unsigned char, 16>;

inline std::uint64_t random_word() {
    static std::uint64_t state = 0x9e3779b97f4a7c15;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/// size: a multiple of 8.
template <std::size_t size>
std::array<unsigned char, size> random_bytes() {
    std::array<unsigned char, size> bytes;
    for (std::size_t i = 0; i < size; i += 8) {
        const std::uint64_t word = random_word();
        std::memcpy(bytes.data() + i, &word, 8);
    }
    return bytes;
}

/// A UUIDv7 of this time; ids rise with it.
inline Uuid uuid_of(std::uint64_t milliseconds) {
    Uuid uuid = random_bytes<16>();
    for (unsigned i = 0; i < 6; ++i) {
        uuid[i] = static_cast<unsigned char>(milliseconds >> (40 - 8 * i));
    }
    uuid[6] = static_cast<unsigned char>(0x70 | (uuid[6] & 0x0f));
    uuid[8] = static_cast<unsigned char>(0x80 | (uuid[8] & 0x3f));
    return uuid;
}

}  // namespace banter::bench
