// Randomness as the rules see it: handed in, so that a simulation replays from a seed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace banter {

class Random {
public:
    virtual ~Random() = default;

    virtual void fill(std::span<std::uint8_t> bytes) = 0;

    template <std::size_t Size>
    [[nodiscard]] std::array<std::uint8_t, Size> bytes() {
        std::array<std::uint8_t, Size> out;
        fill(out);
        return out;
    }

    /// Uniform in [0, bound); bound above 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
};

/// The operating system's generator, read ahead in small blocks. One per shard: not shared.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override;

private:
    std::array<std::uint8_t, 512> block_{};
    std::size_t used_ = 512;
};

/// Reproducible, for tests and simulations only (xoshiro256**).
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed);
    void fill(std::span<std::uint8_t> bytes) override;

private:
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace banter
