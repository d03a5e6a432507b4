#include "service/es256.hpp"

#include "base/check.hpp"
#include "base/encoding.hpp"
#include "base/openssl.hpp"
#include "service/public_key.hpp"
#include "service/sha256.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <stdexcept>

namespace banter::service {

namespace {

constexpr std::size_t half_bytes = 32;
constexpr std::string_view curve_name = "prime256v1";

using openssl::Bio;
using openssl::Builder;
using openssl::bytes_of;
using openssl::Digester;
using openssl::Key;
using Number = std::unique_ptr<BIGNUM, openssl::Release<BN_clear_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, openssl::Release<ECDSA_SIG_free>>;

/// r and s as OpenSSL wants them (RFC 3279 2.2.3), or nothing.
std::string der_of(std::string_view raw) {
    Number r(BN_bin2bn(bytes_of(raw), half_bytes, nullptr));
    Number s(BN_bin2bn(bytes_of(raw) + half_bytes, half_bytes, nullptr));
    const Signature signature(ECDSA_SIG_new());
    CHECK(r != nullptr && s != nullptr && signature != nullptr);
    CHECK(ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1);
    std::array<unsigned char, 2 * half_bytes + 16> der;
    unsigned char* end = der.data();
    const int size = i2d_ECDSA_SIG(signature.get(), &end);
    CHECK(size > 0 && static_cast<std::size_t>(size) <= der.size());
    return {reinterpret_cast<const char*>(der.data()), static_cast<std::size_t>(size)};
}

std::string raw_of(const unsigned char* der, std::size_t size) {
    const Signature signature(d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(size)));
    CHECK(signature != nullptr);
    std::array<unsigned char, 2 * half_bytes> raw;
    CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), half_bytes) == half_bytes);
    CHECK(
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + half_bytes, half_bytes) ==
        half_bytes
    );
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, 64> group{};
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
           std::string_view(group.data()) == curve_name;
}

/// A coordinate or the private number.
std::array<std::uint8_t, half_bytes> bytes_of_number(const EVP_PKEY* key, const char* which) {
    BIGNUM* read = nullptr;
    CHECK(EVP_PKEY_get_bn_param(key, which, &read) == 1);
    const Number number(read);
    std::array<std::uint8_t, half_bytes> padded;
    CHECK(BN_bn2binpad(number.get(), padded.data(), half_bytes) == half_bytes);
    return padded;
}

/// An encrypted key is refused instead of asked about at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

Es256PublicKey::Es256PublicKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {
    CHECK(is_p256(key_.get()));
    fingerprint_ = Sha256().bytes(openssl::public_der(key_.get())).finish();
    x_ = base64url(bytes_of_number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X));
    y_ = base64url(bytes_of_number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y));
}

std::shared_ptr<const Es256PublicKey> Es256PublicKey::from_coordinates(
    std::string_view x,
    std::string_view y
) {
    if (x.size() != half_bytes || y.size() != half_bytes) return nullptr;
    // SEC 1, 2.3.3: a point that is not compressed.
    const std::string point = "\x04" + std::string(x) + std::string(y);
    const Builder builder(OSSL_PARAM_BLD_new());
    CHECK(builder != nullptr);
    CHECK(
        OSSL_PARAM_BLD_push_utf8_string(
            builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve_name.data(), curve_name.size()
        ) == 1
    );
    CHECK(
        OSSL_PARAM_BLD_push_octet_string(
            builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()
        ) == 1
    );
    auto key = make_public_key("EC", builder.get());
    if (key == nullptr || !is_p256(key.get())) return nullptr;
    return std::make_shared<const Es256PublicKey>(std::move(key));
}

bool Es256PublicKey::verifies(std::string_view signed_text, std::string_view signature) const {
    if (signature.size() != 2 * half_bytes) return false;
    return openssl::has_signed(key_.get(), signed_text, der_of(signature));
}

std::string Es256PublicKey::thumbprint() const {
    const std::string canonical =
        R"({"crv":"P-256","kty":"EC","x":")" + x_ + R"(","y":")" + y_ + R"("})";
    return base64url(Sha256().bytes(canonical).finish());
}

std::string Es256PrivateKey::make_pem() {
    const Key key(EVP_EC_gen("P-256"));
    const Bio out(BIO_new(BIO_s_mem()));
    CHECK(key != nullptr && out != nullptr);
    CHECK(
        PEM_write_bio_PKCS8PrivateKey(
            out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr
        ) == 1
    );
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Es256PrivateKey::Es256PrivateKey(const std::string& pem) {
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    CHECK(in != nullptr);
    key_.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
    ERR_clear_error();
    if (key_ == nullptr) throw std::runtime_error("the signing key is no private key in PEM form");
    if (!is_p256(key_.get())) throw std::runtime_error("the signing key is not on the curve P-256");
}

std::string Es256PrivateKey::sign(std::string_view text) const {
    const Digester digester(EVP_MD_CTX_new());
    CHECK(digester != nullptr);
    CHECK(EVP_DigestSignInit(digester.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
    std::array<unsigned char, 2 * half_bytes + 16> der;
    std::size_t size = der.size();
    CHECK(EVP_DigestSign(digester.get(), der.data(), &size, bytes_of(text), text.size()) == 1);
    return raw_of(der.data(), size);
}

std::shared_ptr<const Es256PublicKey> Es256PrivateKey::public_key() const {
    return std::make_shared<const Es256PublicKey>(key_);
}

MacKey Es256PrivateKey::derive(std::string_view purpose) const {
    return mac(bytes_of_number(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY), purpose);
}

}  // namespace banter::service
