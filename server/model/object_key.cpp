#include "model/object_key.hpp"

#include "base/encoding.hpp"

namespace banter::model {

ObjectKey ObjectKey::make(Random& random) { return ObjectKey{random.bytes<16>()}; }

std::optional<ObjectKey> ObjectKey::parse(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    ObjectKey key;
    if (text.size() != 2 * key.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t digit = digits.find(text[i]);
        if (digit == std::string_view::npos) return std::nullopt;
        std::uint8_t& byte = key.bytes[i / 2];
        byte = static_cast<std::uint8_t>(byte * 16U + digit);
    }
    return key;
}

std::string ObjectKey::text() const { return hex(bytes); }

}  // namespace banter::model
