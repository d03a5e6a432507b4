// What nodes keep for each other at Redis: alone, behind sentinels, or a cluster.
#pragma once

#include "storage/redis/cache_line.hpp"
#include "storage/redis/fleet.hpp"
#include "storage/redis/surveyor.hpp"
#include "storage/shared_cache.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace banter::redis {

class RedisCache final : public storage::SharedCache {
public:
    struct Times {
        /// Then it is read from the database.
        std::chrono::milliseconds answer{50};
        std::chrono::milliseconds lifetime = std::chrono::hours(1);
    };

    RedisCache(Executor loop, const Lifeline::Parts& parts, Times times);

    /// Of all keys. Before anybody asks.
    void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }
    void start();
    /// On its loop. The last call.
    [[nodiscard]] Task<> stop();

    [[nodiscard]] Task<std::optional<storage::CacheEntry>> find(std::string key) override;
    void put(std::string key, storage::CacheEntry entry) override;

    /// On its loop.
    [[nodiscard]] bool is_up() const { return fleet_.is_up(); }

private:
    [[nodiscard]] Task<std::optional<std::string>> ask(std::string key);

    Executor loop_;
    Times times_;
    std::string prefix_;
    Fleet<CacheLine> fleet_;
    Surveyor surveyor_;
};

}  // namespace banter::redis
