// Owners of what OpenSSL makes, and what is asked of it in more than one place.
#pragma once

#include "base/check.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace banter::openssl {

/// Lets `release` end the life of what a std::unique_ptr holds.
template <auto release>
struct Release {
    template <typename Held>
    void operator()(Held* held) const {
        release(held);
    }
};

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using Digester = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;

inline const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// The public half as a SubjectPublicKeyInfo (RFC 5280 4.1).
inline std::string public_der(const EVP_PKEY* key) {
    const int size = i2d_PUBKEY(key, nullptr);
    CHECK(size > 0);
    std::string der(static_cast<std::size_t>(size), '\0');
    auto* end = reinterpret_cast<unsigned char*>(der.data());
    CHECK(i2d_PUBKEY(key, &end) == size);
    return der;
}

/// Whether `signature` is one of the SHA-256 of `text` by `key`, in the form that OpenSSL has for
/// the kind of key.
inline bool has_signed(EVP_PKEY* key, std::string_view text, std::string_view signature) {
    const Digester digester(EVP_MD_CTX_new());
    CHECK(digester != nullptr);
    CHECK(EVP_DigestVerifyInit(digester.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
    const int verdict = EVP_DigestVerify(
        digester.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()
    );
    if (verdict != 1) ERR_clear_error();
    return verdict == 1;
}

}  // namespace banter::openssl
