// Copies of what the database said that nodes share, each with the rev at which it said so.
#pragma once

#include "base/task.hpp"
#include "storage/cache.hpp"

#include <optional>
#include <string>

namespace banter::storage {

/// From any loop. Nothing but time depends on it: what it hasn't is read from the database.
class SharedCache {
public:
    virtual ~SharedCache() = default;

    /// Nothing, soon, if it isn't there or nobody answers.
    [[nodiscard]] virtual Task<std::optional<CacheEntry>> find(std::string key) = 0;
    /// A lower rev never replaces a higher one. Never waits, never fails.
    virtual void put(std::string key, CacheEntry entry) = 0;
};

}  // namespace banter::storage
