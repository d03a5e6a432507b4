// The bytes that are sent at once, and their hash, which is made while they come: of all at the end
// it would hold up the loop for some ten milliseconds.
#pragma once

#include "base/openssl.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace banter::s3 {

/// What most objects are sent in, in bytes: of one object two are in memory.
inline constexpr std::size_t part_bytes = 6 * 1024 * 1024;

/// Parts of an object, by S3's limit.
inline constexpr std::size_t parts_max = 10'000;

/// Of each part of an object of so many bytes, so that S3's 10,000 parts are enough.
[[nodiscard]] std::size_t part_bytes_for(std::uint64_t bytes_expected);

class Part {
public:
    explicit Part(std::size_t bytes_max);

    /// Takes bytes from the start of `chunk` for as long as there is room; returns how many.
    [[nodiscard]] std::size_t fill(std::string_view chunk);
    [[nodiscard]] std::size_t bytes_max() const { return bytes_max_; }
    [[nodiscard]] bool is_full() const { return bytes_.size() == bytes_max_; }

    [[nodiscard]] std::string_view bytes() const { return bytes_; }
    /// SHA-256 of the bytes, in hex. After that it is only to be cleared.
    [[nodiscard]] std::string hash();

    /// Empties it, for as many bytes again.
    void clear();
    /// Gives its memory back.
    void release();

private:
    std::size_t bytes_max_;
    std::string bytes_;
    openssl::Digester hash_;
};

}  // namespace banter::s3
