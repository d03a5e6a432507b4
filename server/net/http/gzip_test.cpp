// What is compressed on its way is the same afterwards.
#include "net/http/gzip.hpp"

#include "base/testing/run.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <string>
#include <utility>

namespace banter::net::http {
namespace {

class ScriptedSource final : public BodySource {
public:
    ScriptedSource(std::string bytes, std::size_t piece_bytes)
        : bytes_(std::move(bytes)), piece_bytes_(piece_bytes) {}

    Task<std::string_view> next() override {
        const std::string_view piece = std::string_view(bytes_).substr(at_, piece_bytes_);
        at_ += piece.size();
        co_return piece;
    }

private:
    std::string bytes_;
    std::size_t piece_bytes_;
    std::size_t at_ = 0;
};

Task<std::string> compressed(std::string bytes, std::size_t piece_bytes, Offload& offload) {
    const std::size_t length = bytes.size();
    auto source = std::make_unique<ScriptedSource>(std::move(bytes), piece_bytes);
    const auto gzip = gzipped(std::move(source), length, offload);
    std::string out;
    for (;;) {
        const std::string_view piece = co_await gzip->next();
        if (piece.empty()) co_return out;
        out += piece;
    }
}

std::string inflated(const std::string& bytes, std::size_t size) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string out(size + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    EXPECT_EQ(stream.avail_in, 0U);
    inflateEnd(&stream);
    return out.substr(0, out.size() - stream.avail_out);
}

TEST(Gzip, comes_out_as_it_went_in) {
    asio::io_context loop{1};
    Offload offload(2, 100);
    std::string text;
    for (int i = 0; text.size() < 300'000; ++i) text += "line " + std::to_string(i) + "\n";
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, text.size()}) {
        for (const std::size_t piece_bytes : {std::size_t{1'000}, std::size_t{131'072}}) {
            const std::string whole = text.substr(0, size);
            const std::string out =
                banter::testing::run(loop, compressed(whole, piece_bytes, offload));
            EXPECT_TRUE(inflated(out, size) == whole);
            if (size == text.size()) {
                EXPECT_LT(out.size(), size / 3);
            }
        }
    }
}

TEST(Gzip, a_source_that_is_shorter_than_it_says_fails) {
    asio::io_context loop{1};
    Offload offload(1, 100);
    const auto gzip =
        gzipped(std::make_unique<ScriptedSource>(std::string(10, 'x'), 10), 11, offload);
    const auto read = [&]() -> Task<bool> {
        for (;;) {
            const std::string_view piece = co_await gzip->next();
            if (piece.empty()) co_return true;
        }
    };
    EXPECT_THROW(banter::testing::run(loop, read()), std::runtime_error);
}

bool accepted(const std::string& header, int minor_version = 1) {
    Request request;
    request.minor_version = minor_version;
    request.headers.add("Accept-Encoding", header);
    return accepts_gzip(request);
}

TEST(Gzip, is_for_those_who_take_it) {
    for (const char* header :
         {"gzip", "GZIP", "deflate, gzip", "gzip;q=0.5", "br;q=1.0, gzip ; q=0.001", "*"}) {
        EXPECT_TRUE(accepted(header)) << header;
    }
    for (const char* header :
         {"", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "xgzip", "identity"}) {
        EXPECT_FALSE(accepted(header)) << header;
    }
    EXPECT_FALSE(accepted("gzip", 0));
    EXPECT_FALSE(accepts_gzip(Request()));
}

}  // namespace
}  // namespace banter::net::http
