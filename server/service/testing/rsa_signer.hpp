// Signs as an issuer with an RSA key does, for tests.
#pragma once

#include "base/encoding.hpp"
#include "base/openssl.hpp"
#include "service/rs256.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

class RsaSigner {
public:
    explicit RsaSigner(std::string key_id, unsigned bits = 2048)
        : id(std::move(key_id)), key_(EVP_RSA_gen(bits)) {}

    const std::string id;

    /// digest: EVP_sha256() is RS256; with pss PS256.
    [[nodiscard]] std::string sign(
        std::string_view text,
        const EVP_MD* digest = EVP_sha256(),
        bool pss = false
    ) const {
        const openssl::Digester digester(EVP_MD_CTX_new());
        EVP_PKEY_CTX* context = nullptr;
        EVP_DigestSignInit(digester.get(), &context, digest, nullptr, key_.get());
        if (pss) EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
        const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
        std::size_t size = 0;
        EVP_DigestSign(digester.get(), nullptr, &size, bytes, text.size());
        std::string signature(size, '\0');
        auto* const out = reinterpret_cast<unsigned char*>(signature.data());
        EVP_DigestSign(digester.get(), out, &size, bytes, text.size());
        return signature;
    }

    [[nodiscard]] std::string token(const std::string& header, const std::string& claims) const {
        const std::string text = base64url(header) + "." + base64url(claims);
        return text + "." + base64url(sign(text));
    }

    [[nodiscard]] std::string header() const {
        return R"({"alg":"RS256","typ":"JWT","kid":")" + id + R"("})";
    }

    [[nodiscard]] std::string number(const char* which) const {
        BIGNUM* read = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), which, &read);
        std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(read)));
        BN_bn2bin(read, bytes.data());
        BN_free(read);
        return base64url(bytes);
    }

    [[nodiscard]] std::string modulus() const { return number(OSSL_PKEY_PARAM_RSA_N); }

    [[nodiscard]] std::string jwk() const {
        return R"({"kty":"RSA","use":"sig","alg":"RS256","kid":")" + id + R"(","n":")" + modulus() +
               R"(","e":")" + number(OSSL_PKEY_PARAM_RSA_E) + R"("})";
    }

    [[nodiscard]] std::string pem() const {
        const openssl::Bio out(BIO_new(BIO_s_mem()));
        PEM_write_bio_PUBKEY(out.get(), key_.get());
        char* text = nullptr;
        const long size = BIO_get_mem_data(out.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }

private:
    openssl::Key key_;
};

inline std::string key_set_of(const std::vector<std::string>& keys) {
    std::string text = R"({"keys":[)";
    for (const std::string& key : keys) text += (text.ends_with('[') ? "" : ",") + key;
    return text + "]}";
}

}  // namespace banter::service
