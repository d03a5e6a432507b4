#include "net/utf8.hpp"

#include <array>
#include <cstring>

namespace banter::net {

namespace {

// A state machine over classes of bytes. State 0 accepts; state 1 has failed and stays so.
constexpr std::uint8_t failed = 1;

enum Class : std::uint8_t { ascii, c80, c90, ca0, two, e0, three, ed, f0, four, f4, bad, classes };

constexpr Class class_of(unsigned byte) {
    if (byte < 0x80) return ascii;
    if (byte < 0x90) return c80;
    if (byte < 0xa0) return c90;
    if (byte < 0xc0) return ca0;
    if (byte < 0xc2) return bad;
    if (byte < 0xe0) return two;
    if (byte == 0xe0) return e0;
    if (byte == 0xed) return ed;
    if (byte < 0xf0) return three;
    if (byte == 0xf0) return f0;
    if (byte < 0xf4) return four;
    if (byte == 0xf4) return f4;
    return bad;
}

enum State : std::uint8_t {
    done,
    wrong,
    one_more,  // any continuation byte
    two_more,
    three_more,
    after_e0,  // A0..BF: no overlong form
    after_ed,  // 80..9F: no surrogate
    after_f0,  // 90..BF: no overlong form
    after_f4,  // 80..8F: nothing above U+10FFFF
    states
};

constexpr State step(State state, Class next) {
    const bool continuation = next == c80 || next == c90 || next == ca0;
    switch (state) {
        case done:
            switch (next) {
                case ascii: return done;
                case two: return one_more;
                case three: return two_more;
                case e0: return after_e0;
                case ed: return after_ed;
                case f0: return after_f0;
                case four: return three_more;
                case f4: return after_f4;
                default: return wrong;
            }
        case one_more: return continuation ? done : wrong;
        case two_more: return continuation ? one_more : wrong;
        case three_more: return continuation ? two_more : wrong;
        case after_e0: return next == ca0 ? one_more : wrong;
        case after_ed: return next == c80 || next == c90 ? one_more : wrong;
        case after_f0: return next == c90 || next == ca0 ? two_more : wrong;
        case after_f4: return next == c80 ? two_more : wrong;
        default: return wrong;
    }
}

constexpr auto make_classes() {
    std::array<std::uint8_t, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) table[byte] = class_of(byte);
    return table;
}

constexpr auto make_steps() {
    std::array<std::array<std::uint8_t, classes>, states> table{};
    for (std::size_t state = 0; state < states; ++state) {
        for (std::size_t next = 0; next < classes; ++next) {
            table[state][next] = step(static_cast<State>(state), static_cast<Class>(next));
        }
    }
    return table;
}

constexpr auto byte_classes = make_classes();
constexpr auto steps = make_steps();

}  // namespace

bool Utf8Validator::feed(std::string_view bytes) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    std::uint8_t state = state_;
    while (at != end) {
        if (state == done) {
            while (end - at >= 8) {  // most text is ASCII
                std::uint64_t word = 0;
                std::memcpy(&word, at, sizeof word);
                if ((word & 0x8080808080808080U) != 0) break;
                at += 8;
            }
            if (at == end) break;
        }
        state = steps[state][byte_classes[static_cast<unsigned char>(*at++)]];
        if (state == failed) break;
    }
    state_ = state;
    return state != failed;
}

bool is_valid_utf8(std::string_view text) {
    Utf8Validator validator;
    return validator.feed(text) && validator.complete();
}

}  // namespace banter::net
