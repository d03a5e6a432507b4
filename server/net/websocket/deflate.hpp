// permessage-deflate (RFC 7692) without context takeover: one compressor and one decompressor serve
// all sessions of a shard. Pure: bytes in, bytes out.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace banter::net::websocket {

/// Compresses with a window of 2^9: legal for every agreement from 9 to 15 bits. About 10 KiB.
class Deflater {
public:
    Deflater();
    ~Deflater();
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    /// `payload` as the payload of a frame with RSV1 set (RFC 7692 7.2.1).
    [[nodiscard]] std::string compress(std::string_view payload);

private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

/// Decompresses with a window of 2^15. About 45 KiB, and a buffer while there is output.
class Inflater {
public:
    enum class Outcome { done, malformed, too_big };

    Inflater();
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Inflates a whole payload into `output`, never more than `bytes_max` of it (RFC 7692 7.2.2).
    /// Blocks with BFINAL set are accepted.
    [[nodiscard]] Outcome inflate(
        std::string_view payload,
        std::size_t bytes_max,
        std::string& output
    );

private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

}  // namespace banter::net::websocket
