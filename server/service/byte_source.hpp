// Bytes that come from a client or from a store, piece by piece.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace banter::service {

class ByteSource {
public:
    virtual ~ByteSource() = default;

    /// The next bytes, which stay until the next call; none at the end. An error is what the bytes'
    /// sender is told.
    [[nodiscard]] virtual Task<Result<std::string_view>> next() = 0;

    /// Bytes that are still to come at most; nothing if nobody knows.
    [[nodiscard]] virtual std::optional<std::uint64_t> left() const { return std::nullopt; }
};

}  // namespace banter::service
