// The body of a response as it is read from elsewhere, with a known length.
#pragma once

#include "base/task.hpp"
#include "net/http/response.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace banter::net::http {

/// Lives on the shard of its session, and is destroyed when the response was sent, or can't be.
class BodySource {
public:
    virtual ~BodySource() = default;

    /// The next bytes, at least one; valid until the next call. Asked for when the socket has taken
    /// those before, and not again when the length is reached. Nothing, or more than the length has
    /// room for: the source has failed, and the connection is cut. What it throws is logged, and
    /// cuts the connection too. Its deadlines are its own.
    [[nodiscard]] virtual Task<std::string_view> next() = 0;
};

/// A body of `length` bytes from `source`.
[[nodiscard]] SourcedBody sourced_body(std::unique_ptr<BodySource> source, std::uint64_t length);

}  // namespace banter::net::http
