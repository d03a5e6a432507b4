#include "model/id.hpp"

#include <algorithm>

namespace banter::model {

namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t text_size = 36;

constexpr bool is_dash(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

int value_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

}  // namespace

void append_to(std::string& out, const Uuid& uuid) {
    std::array<char, text_size> text;
    std::size_t at = 0;
    for (const std::uint8_t byte : uuid.bytes) {
        if (is_dash(at)) text[at++] = '-';
        text[at++] = digits[byte >> 4];
        text[at++] = digits[byte & 15];
    }
    out.append(text.data(), text.size());
}

std::string to_string(const Uuid& uuid) {
    std::string out;
    out.reserve(text_size);
    append_to(out, uuid);
    return out;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != text_size) return std::nullopt;
    Uuid uuid;
    std::size_t at = 0;
    for (std::uint8_t& byte : uuid.bytes) {
        if (is_dash(at)) {
            if (text[at] != '-') return std::nullopt;
            ++at;
        }
        const int high = value_of(text[at]);
        const int low = value_of(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        byte = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return uuid;
}

Uuid IdMaker::next() {
    const auto now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
    constexpr std::uint32_t counter_end = 1U << 12;
    if (now > last_ms_) {
        last_ms_ = now;
        counter_ = 0;
    } else if (++counter_ == counter_end) {
        ++last_ms_;  // more than 4,096 in a millisecond, or the clock went back: borrow from the
                     // future
        counter_ = 0;
    }
    Uuid uuid;
    random_.fill({uuid.bytes.data() + 8, 8});
    for (std::size_t i = 0; i < 6; ++i) {
        uuid.bytes[i] = static_cast<std::uint8_t>(last_ms_ >> (8 * (5 - i)));
    }
    uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | (counter_ >> 8));
    uuid.bytes[7] = static_cast<std::uint8_t>(counter_);
    uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (uuid.bytes[8] & 0x3f));
    return uuid;
}

}  // namespace banter::model
