#include "service/mac.hpp"

#include <sodium/crypto_auth_hmacsha256.h>

namespace banter::service {

Digest mac(const MacKey& key, std::string_view text) {
    static_assert(crypto_auth_hmacsha256_KEYBYTES == std::tuple_size_v<MacKey>);
    static_assert(crypto_auth_hmacsha256_BYTES == std::tuple_size_v<Digest>);
    Digest out;
    crypto_auth_hmacsha256(
        out.data(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), key.data()
    );
    return out;
}

}  // namespace banter::service
