#include "base/offload.hpp"

namespace banter {

Offload::Offload(std::size_t threads, std::size_t waiting_max)
    : waiting_max_(waiting_max), threads_(threads) {}

Offload::~Offload() { threads_.join(); }

void Offload::admit() {
    if (waiting_.fetch_add(1, std::memory_order_relaxed) >= waiting_max_) {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        throw StorageFailure(Errc::busy, "too many calls wait for the offload threads");
    }
}

}  // namespace banter
