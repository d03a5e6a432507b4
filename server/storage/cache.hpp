// Copies of what the database said, each with the rev at which it said so. A cache never decides.
#pragma once

#include "model/id.hpp"
#include "model/thread.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::storage {

struct CacheEntry {
    model::Rev rev = 0;
    std::shared_ptr<const std::string> bytes;
};

class Cache {
public:
    virtual ~Cache() = default;

    [[nodiscard]] virtual std::optional<CacheEntry> find(std::string_view key) = 0;
    /// A lower rev never replaces a higher one.
    virtual void put(std::string_view key, CacheEntry entry) = 0;
    /// What it holds now, keys and bookkeeping counted.
    [[nodiscard]] virtual std::size_t bytes() const = 0;
};

}  // namespace banter::storage
