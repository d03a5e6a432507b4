#include "base/budget.hpp"

namespace banter {

bool Budget::take(std::uint64_t amount) {
    std::uint64_t left = left_.load(std::memory_order_relaxed);
    do {
        if (left < amount) return false;
    } while (!left_.compare_exchange_weak(left, left - amount, std::memory_order_relaxed));
    return true;
}

}  // namespace banter
