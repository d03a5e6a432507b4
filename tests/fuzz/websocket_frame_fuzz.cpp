// Any bytes as frames of a client: whole or in pieces they are decoded alike, and text is text.
#include "base/check.hpp"
#include "net/utf8.hpp"
#include "net/websocket/close.hpp"
#include "net/websocket/frame.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace banter::net;
using namespace banter::net::websocket;

void check_promises(const Decoded& decoded, const DecoderRules& rules) {
    using Kind = Decoded::Kind;
    CHECK(decoded.payload.size() <= rules.payload_bytes_max);
    if (decoded.kind == Kind::text || decoded.kind == Kind::close)
        CHECK(is_valid_utf8(decoded.payload));
    if (decoded.kind == Kind::ping || decoded.kind == Kind::pong)
        CHECK(decoded.payload.size() <= 125);
    if (decoded.kind == Kind::close && decoded.code != close_code::no_code) {
        CHECK(is_valid_close_code(decoded.code));
    }
}

std::vector<std::string> decode(
    std::string_view bytes,
    std::size_t piece,
    const DecoderRules& rules
) {
    Decoder decoder;
    std::vector<std::string> heard;
    while (!bytes.empty()) {
        std::string copy(bytes.substr(0, piece));
        bytes.remove_prefix(copy.size());
        std::span<char> input(copy);
        for (;;) {
            const Decoded decoded = decoder.next(input, rules);
            if (decoded.kind == Decoded::Kind::need_more) break;
            check_promises(decoded, rules);
            heard.push_back(
                std::to_string(static_cast<int>(decoded.kind)) + " " +
                std::to_string(decoded.code) + " " + std::string(decoded.payload)
            );
            if (decoded.kind == Decoded::Kind::failed) return heard;
        }
        CHECK(input.empty());
        CHECK(decoder.partial_bytes() <= 2 * rules.payload_bytes_max + 1'024);
    }
    return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static Inflater inflater;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    DecoderRules plain{1'024, 16, true, nullptr};
    DecoderRules deflate{1'024, 16, true, &inflater};
    for (const DecoderRules& rules : {plain, deflate}) {
        const auto whole = decode(text, size, rules);
        CHECK(decode(text, 1, rules) == whole);
        CHECK(decode(text, 7, rules) == whole);
    }
    return 0;
}
