#include "storage/memory/lru_cache.hpp"

#include <utility>

namespace banter::memory {

namespace {

/// The list's node, the table's slot, the allocator's share: rounded up.
constexpr std::size_t entry_overhead_bytes = 160;

}  // namespace

std::size_t LruCache::size_of(const Kept& kept) {
    const std::size_t content = kept.entry.bytes ? kept.entry.bytes->capacity() : 0;
    return entry_overhead_bytes + kept.key.capacity() + content;
}

std::optional<storage::CacheEntry> LruCache::find(std::string_view key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->entry;
}

void LruCache::put(std::string_view key, storage::CacheEntry entry) {
    const auto found = places_.find(key);
    if (found != places_.end()) {
        if (found->second->entry.rev > entry.rev) return;
        drop(found->second);
    }
    Kept kept{std::string(key), std::move(entry)};
    const std::size_t size = size_of(kept);
    if (size > bytes_max_) return;
    while (bytes_ + size > bytes_max_) drop(std::prev(order_.end()));
    order_.push_front(std::move(kept));
    places_.emplace(order_.front().key, order_.begin());
    bytes_ += size;
}

void LruCache::drop(Order::iterator kept) {
    bytes_ -= size_of(*kept);
    places_.erase(kept->key);
    order_.erase(kept);
}

}  // namespace banter::memory
