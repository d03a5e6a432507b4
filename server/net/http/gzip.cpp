#include "net/http/gzip.hpp"

#include "base/check.hpp"
#include "net/http/accept_encoding.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace banter::net::http {

namespace {

/// zlib's own, and the header of gzip.
constexpr int window_bits = 15 + 16;
constexpr int memory_level = 8;

/// One at a time.
class Compressor {
public:
    Compressor() {
        const int made = deflateInit2(
            &stream_,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            window_bits,
            memory_level,
            Z_DEFAULT_STRATEGY
        );
        if (made != Z_OK) throw std::runtime_error("zlib has no memory");
    }
    ~Compressor() { deflateEnd(&stream_); }
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;

    /// What comes out for `bytes`; with `last` all that is left.
    std::string add(std::string_view bytes, bool last) {
        std::string out;
        std::array<char, 16 * 1024> room;
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(room.data());
            stream_.avail_out = static_cast<uInt>(room.size());
            const int done = deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
            CHECK(done != Z_STREAM_ERROR);
            out.append(room.data(), room.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
        return out;
    }

private:
    z_stream stream_{};
};

class GzipSource final : public BodySource {
public:
    GzipSource(std::unique_ptr<BodySource> source, std::uint64_t length, Offload& offload)
        : source_(std::move(source)), left_(length), offload_(offload) {}

    Task<std::string_view> next() override {
        piece_.clear();
        while (piece_.empty() && !over_) {
            std::string_view bytes;
            if (left_ > 0) bytes = co_await source_->next();
            if (left_ > 0 && (bytes.empty() || bytes.size() > left_)) {
                throw std::runtime_error("a body is not as long as it says");
            }
            left_ -= bytes.size();
            over_ = left_ == 0;
            // The whole of it may be dropped meanwhile; what is used elsewhere lives as long as
            // that.
            auto work = [compressor = compressor_, bytes = std::string(bytes), last = over_] {
                return compressor->add(bytes, last);
            };
            piece_ = co_await offload_.run(std::move(work));
        }
        co_return std::string_view(piece_);
    }

private:
    std::unique_ptr<BodySource> source_;
    std::uint64_t left_;
    Offload& offload_;
    std::shared_ptr<Compressor> compressor_ = std::make_shared<Compressor>();
    std::string piece_;
    bool over_ = false;
};

}  // namespace

bool accepts_gzip(const Request& request) {
    return request.minor_version > 0 && accepts_coding(request, "gzip");
}

std::unique_ptr<BodySource> gzipped(
    std::unique_ptr<BodySource> source,
    std::uint64_t length,
    Offload& offload
) {
    return std::make_unique<GzipSource>(std::move(source), length, offload);
}

}  // namespace banter::net::http
