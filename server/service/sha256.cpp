#include "service/sha256.hpp"

#include "base/check.hpp"

namespace banter::service {

Sha256::Sha256() : state_(EVP_MD_CTX_new()) {
    CHECK(state_ != nullptr && EVP_DigestInit_ex(state_.get(), EVP_sha256(), nullptr) == 1);
}

Sha256& Sha256::bytes(std::span<const std::uint8_t> bytes) {
    CHECK(EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()) == 1);
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
    CHECK(EVP_DigestFinal_ex(state_.get(), digest.data(), nullptr) == 1);
    return digest;
}

}  // namespace banter::service
