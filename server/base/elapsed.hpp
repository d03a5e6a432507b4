// How long something took, as histograms take it.
#pragma once

#include <chrono>
#include <cstdint>

namespace banter {

[[nodiscard]] inline std::uint64_t microseconds_since(std::chrono::steady_clock::time_point start) {
    const auto passed = std::chrono::steady_clock::now() - start;
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(passed).count()
    );
}

}  // namespace banter
