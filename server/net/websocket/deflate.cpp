#include "net/websocket/deflate.hpp"

#include "base/check.hpp"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>

namespace banter::net::websocket {

namespace {

/// What a sync flush ends with; it is not sent (RFC 7692 7.2.1).
constexpr std::string_view flush_tail{"\x00\x00\xff\xff", 4};

constexpr int window_bits = 9;
/// 2^(5+9) bytes of state; more gained nothing at the sizes of chat.
constexpr int memory_level = 5;

}  // namespace

struct Deflater::Stream {
    z_stream z{};
};

Deflater::Deflater() : stream_(std::make_unique<Stream>()) {
    CHECK(
        deflateInit2(
            &stream_->z,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            -window_bits,
            memory_level,
            Z_DEFAULT_STRATEGY
        ) == Z_OK
    );
}

Deflater::~Deflater() { deflateEnd(&stream_->z); }

std::string Deflater::compress(std::string_view payload) {
    z_stream& z = stream_->z;
    CHECK(deflateReset(&z) == Z_OK);
    // The bound is for a finished stream; a flush adds at most an empty block to it.
    const std::size_t room = deflateBound(&z, payload.size()) + 16;
    const auto out = std::make_unique_for_overwrite<char[]>(room);
    z.next_in = reinterpret_cast<const Bytef*>(payload.data());
    z.avail_in = static_cast<uInt>(payload.size());
    z.next_out = reinterpret_cast<Bytef*>(out.get());
    z.avail_out = static_cast<uInt>(room);
    CHECK(deflate(&z, Z_SYNC_FLUSH) == Z_OK);
    CHECK(z.avail_out > 0);
    const std::string_view compressed(out.get(), room - z.avail_out);
    CHECK(compressed.ends_with(flush_tail));
    return std::string(compressed.substr(0, compressed.size() - flush_tail.size()));
}

struct Inflater::Stream {
    z_stream z{};
};

Inflater::Inflater() : stream_(std::make_unique<Stream>()) {
    CHECK(inflateInit2(&stream_->z, -15) == Z_OK);
}

Inflater::~Inflater() { inflateEnd(&stream_->z); }

Inflater::Outcome Inflater::inflate(
    std::string_view payload,
    std::size_t bytes_max,
    std::string& output
) {
    z_stream& z = stream_->z;
    CHECK(inflateReset(&z) == Z_OK);
    output.clear();
    bool ended = false;  // by a block with BFINAL
    for (const std::string_view piece : {payload, flush_tail}) {
        // A peer that ended its last block so owes us no empty one after it.
        if (ended) break;
        z.next_in = reinterpret_cast<const Bytef*>(piece.data());
        z.avail_in = static_cast<uInt>(piece.size());
        for (;;) {
            std::array<char, 16 * 1024> block;
            z.next_out = reinterpret_cast<Bytef*>(block.data());
            z.avail_out = static_cast<uInt>(block.size());
            const int status = ::inflate(&z, Z_SYNC_FLUSH);
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
                return Outcome::malformed;
            }
            const std::size_t size = block.size() - z.avail_out;
            if (size > bytes_max - output.size()) return Outcome::too_big;
            output.append(block.data(), size);
            ended = status == Z_STREAM_END;
            if (ended && z.avail_in > 0) {
                // More blocks follow, and may look back into the window.
                CHECK(inflateResetKeep(&z) == Z_OK);
                ended = false;
                continue;
            }
            if (ended || z.avail_out > 0) break;
        }
    }
    return Outcome::done;
}

}  // namespace banter::net::websocket
