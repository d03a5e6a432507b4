#include "service/rs256.hpp"

#include "base/check.hpp"
#include "base/openssl.hpp"
#include "service/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace banter::service {

namespace {

using openssl::Bio;
using openssl::Builder;
using openssl::bytes_of;
using Number = std::unique_ptr<BIGNUM, openssl::Release<BN_free>>;

Number number_of(std::string_view bytes) {
    Number number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
    CHECK(number != nullptr);
    return number;
}

bool is_taken(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA") != 1) return false;
    const int bits = EVP_PKEY_get_bits(key);
    return bits >= Rs256PublicKey::bits_min && bits <= Rs256PublicKey::bits_max;
}

}  // namespace

Rs256PublicKey::Rs256PublicKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {
    CHECK(is_taken(key_.get()));
    fingerprint_ = Sha256().bytes(openssl::public_der(key_.get())).finish();
}

std::shared_ptr<const Rs256PublicKey> Rs256PublicKey::from_numbers(
    std::string_view modulus,
    std::string_view exponent
) {
    // Before any arithmetic: the numbers come from elsewhere.
    constexpr std::size_t exponent_bytes_max = 8;
    if (modulus.size() > bits_max / 8 || exponent.size() > exponent_bytes_max) return nullptr;
    const Number n = number_of(modulus);
    const Number e = number_of(exponent);
    if (BN_is_odd(n.get()) == 0 || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1)
        return nullptr;
    const Builder builder(OSSL_PARAM_BLD_new());
    CHECK(builder != nullptr);
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1);
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
    auto key = make_public_key("RSA", builder.get());
    if (key == nullptr || !is_taken(key.get())) return nullptr;
    return std::make_shared<const Rs256PublicKey>(std::move(key));
}

std::vector<std::shared_ptr<const Rs256PublicKey>> Rs256PublicKey::from_pem(const std::string& text
) {
    const Bio in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    CHECK(in != nullptr);
    std::vector<std::shared_ptr<const Rs256PublicKey>> keys;
    while (EVP_PKEY* read = PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr)) {
        std::shared_ptr<EVP_PKEY> key(read, EVP_PKEY_free);
        if (!is_taken(key.get()))
            throw std::runtime_error("has a key that is not RSA of 2048 to 4096 bits");
        keys.push_back(std::make_shared<const Rs256PublicKey>(std::move(key)));
    }
    ERR_clear_error();
    if (keys.empty()) throw std::runtime_error("has no public key in PEM form");
    return keys;
}

bool Rs256PublicKey::verifies(std::string_view signed_text, std::string_view signature) const {
    return openssl::has_signed(key_.get(), signed_text, signature);
}

}  // namespace banter::service
