// Bytes that come from a client or from a store, piece by piece.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <string_view>

namespace banter::service {

class ByteSource {
public:
    virtual ~ByteSource() = default;

    /// The next bytes, which stay until the next call; none at the end. An error is what the bytes'
    /// sender is told.
    [[nodiscard]] virtual Task<Result<std::string_view>> next() = 0;
};

}  // namespace banter::service
