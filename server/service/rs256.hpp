// RS256 (RFC 7518 3.3): RSASSA-PKCS1-v1_5 with SHA-256.
#pragma once

#include "service/tokens.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

/// Verifies with the public half. Immutable: every loop may use it.
class Rs256PublicKey final : public VerificationKey {
public:
    /// RFC 7518 3.3 asks for 2048 and more. One of 8192 takes a quarter of a millisecond for each
    /// check, while everybody else on the loop waits.
    static constexpr int bits_min = 2048;
    static constexpr int bits_max = 4096;

    /// The numbers of a JWK, big-endian (RFC 7518 6.3.1). Null if they are no key of a size that is
    /// taken.
    [[nodiscard]] static std::shared_ptr<const Rs256PublicKey> from_numbers(
        std::string_view modulus,
        std::string_view exponent
    );
    /// All keys of a text in PEM (SubjectPublicKeyInfo). Throws std::runtime_error with a sentence
    /// if there is none, or one that is not taken.
    [[nodiscard]] static std::vector<std::shared_ptr<const Rs256PublicKey>> from_pem(
        const std::string& text
    );

    [[nodiscard]] std::string_view algorithm() const override { return "RS256"; }
    [[nodiscard]] const Digest& fingerprint() const override { return fingerprint_; }
    [[nodiscard]] bool verifies(std::string_view signed_text, std::string_view signature)
        const override;

    /// key: RSA of a size that is taken.
    explicit Rs256PublicKey(std::shared_ptr<EVP_PKEY> key);

private:
    std::shared_ptr<EVP_PKEY> key_;
    Digest fingerprint_;
};

}  // namespace banter::service
