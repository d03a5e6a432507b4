// A cache in memory with a byte bound: what was used longest ago goes first.
#pragma once

#include "storage/cache.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <list>
#include <string>
#include <string_view>

namespace banter::memory {

/// Used from one loop.
class LruCache final : public storage::Cache {
public:
    /// An entry that is larger than `bytes_max` is not kept.
    explicit LruCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    [[nodiscard]] std::optional<storage::CacheEntry> find(std::string_view key) override;
    void put(std::string_view key, storage::CacheEntry entry) override;
    [[nodiscard]] std::size_t bytes() const override { return bytes_; }

private:
    struct Kept {
        std::string key;
        storage::CacheEntry entry;
    };
    using Order = std::list<Kept>;

    [[nodiscard]] static std::size_t size_of(const Kept& kept);
    void drop(Order::iterator kept);

    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    /// Used last in front.
    Order order_;
    boost::unordered_flat_map<std::string_view, Order::iterator> places_;
};

}  // namespace banter::memory
