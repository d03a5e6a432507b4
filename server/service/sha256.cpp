#include "service/sha256.hpp"

namespace banter::service {

Sha256::Sha256() { crypto_hash_sha256_init(&state_); }

Sha256& Sha256::bytes(std::span<const std::uint8_t> bytes) {
    crypto_hash_sha256_update(&state_, bytes.data(), bytes.size());
    return *this;
}

Sha256& Sha256::bytes(std::string_view text) {
    return bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

Sha256& Sha256::number(std::uint64_t number) {
    std::array<std::uint8_t, 8> network_order;
    for (std::size_t i = 0; i < network_order.size(); ++i) {
        network_order[i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
    }
    return bytes(network_order);
}

Sha256& Sha256::text(std::string_view text) { return number(text.size()).bytes(text); }

Digest Sha256::finish() {
    Digest digest;
    crypto_hash_sha256_final(&state_, digest.data());
    return digest;
}

}  // namespace banter::service
