// The body of a request: so many bytes, or chunks (RFC 9112 6 and 7). Pure, strict and bounded.
#pragma once

#include "net/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::net::http {

/// How a body is delimited.
struct Framing {
    bool chunked = false;
    std::uint64_t length = 0;  // if not chunked
};

class BodyReader {
public:
    enum class State { need_more, done, malformed, too_large };

    BodyReader() = default;
    BodyReader(Framing framing, std::size_t bytes_max, const Limits& limits);

    /// Appends to `body` what of it lies at the start of `input`, and removes that from `input`.
    /// After `done`, `input` begins with what follows the body. `body` may have been emptied
    /// meanwhile: the limit counts all that was read.
    [[nodiscard]] State read(std::string_view& input, std::string& body);

    /// Bytes of the body that were read.
    [[nodiscard]] std::uint64_t taken() const { return taken_; }
    /// Bytes that are still to come; nothing for chunks, which don't say.
    [[nodiscard]] std::optional<std::uint64_t> left() const {
        return chunked_ ? std::nullopt : std::optional(left_);
    }

private:
    enum class Stage { chunk_line, chunk_bytes, chunk_end, trailer_line, done };

    State read_chunk_line(std::string_view& input);
    State read_bytes(std::string_view& input, std::string& body);
    State read_chunk_end(std::string_view& input);
    State read_trailer_line(std::string_view& input);
    [[nodiscard]] bool exceeds() const;

    std::uint64_t bytes_max_ = 0;
    std::size_t chunk_line_bytes_max_ = 0;
    std::size_t trailer_bytes_left_ = 0;
    bool chunked_ = false;
    Stage stage_ = Stage::done;
    std::uint64_t left_ = 0;   // of the chunk or of the whole body
    std::uint64_t taken_ = 0;  // of the whole body
};

}  // namespace banter::net::http
