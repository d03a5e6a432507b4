// The body of a response as it is read from elsewhere.
#pragma once

#include "base/task.hpp"
#include "net/http/response.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace banter::net::http {

/// Lives on the shard of its session, and is destroyed when the response was sent, or can't be.
class BodySource {
public:
    virtual ~BodySource() = default;

    /// The next bytes, at least one; valid until the next call. Asked for when the socket has taken
    /// those before, and not again when the length is reached. Nothing before that, or more than
    /// the length has room for: the source has failed, and the connection is cut; where there is no
    /// length, nothing is the end. What it throws is logged, and cuts the connection too. Its
    /// deadlines are its own.
    [[nodiscard]] virtual Task<std::string_view> next() = 0;
};

/// A body of `length` bytes from `source`, or of as many as it gives.
[[nodiscard]] SourcedBody sourced_body(
    std::unique_ptr<BodySource> source,
    std::optional<std::uint64_t> length
);

}  // namespace banter::net::http
