#include "base/random.hpp"

#include "base/check.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace banter {

std::uint64_t Random::below(std::uint64_t bound) {
    CHECK(bound > 0);
    const std::uint64_t usable = UINT64_MAX - UINT64_MAX % bound;
    for (;;) {
        std::uint64_t value = 0;
        fill({reinterpret_cast<std::uint8_t*>(&value), sizeof value});
        if (value < usable) return value % bound;
    }
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
    if (bytes.size() > block_.size() / 4) {
        CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
        return;
    }
    if (block_.size() - used_ < bytes.size()) {
        CHECK(RAND_bytes(block_.data(), static_cast<int>(block_.size())) == 1);
        used_ = 0;
    }
    std::memcpy(bytes.data(), block_.data() + used_, bytes.size());
    OPENSSL_cleanse(block_.data() + used_, bytes.size());
    used_ += bytes.size();
}

SeededRandom::SeededRandom(std::uint64_t seed) {
    for (auto& word : state_) {  // splitmix64
        seed += 0x9e3779b97f4a7c15;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        word = mixed ^ (mixed >> 31);
    }
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        const std::uint64_t value = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        std::memcpy(bytes.data() + at, &value, std::min<std::size_t>(8, bytes.size() - at));
    }
}

}  // namespace banter
