// ES256 (RFC 7518 3.4): ECDSA over P-256 with SHA-256, signatures as the 64 bytes of r and s.
#pragma once

#include "service/mac.hpp"
#include "service/tokens.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

namespace banter::service {

/// Verifies with the public half. Immutable: every loop may use it.
class Es256PublicKey final : public VerificationKey {
public:
    /// key: on P-256, a public half is enough.
    explicit Es256PublicKey(std::shared_ptr<EVP_PKEY> key);
    /// The coordinates of a JWK, big-endian (RFC 7518 6.2.1). Null if they are no point of P-256.
    [[nodiscard]] static std::shared_ptr<const Es256PublicKey> from_coordinates(
        std::string_view x,
        std::string_view y
    );

    [[nodiscard]] std::string_view algorithm() const override { return "ES256"; }
    [[nodiscard]] const Digest& fingerprint() const override { return fingerprint_; }
    [[nodiscard]] bool verifies(std::string_view signed_text, std::string_view signature)
        const override;

    /// The coordinates in base64url of 32 bytes, as RFC 7518 6.2.1 has them.
    [[nodiscard]] const std::string& x() const { return x_; }
    [[nodiscard]] const std::string& y() const { return y_; }
    /// RFC 7638.
    [[nodiscard]] std::string thumbprint() const;

private:
    std::shared_ptr<EVP_PKEY> key_;
    Digest fingerprint_;
    std::string x_, y_;
};

class Es256PrivateKey {
public:
    /// A new key in PEM (PKCS#8, not encrypted).
    [[nodiscard]] static std::string make_pem();
    /// Throws std::runtime_error with a sentence if the text is no P-256 private key.
    explicit Es256PrivateKey(const std::string& pem);

    /// 64 bytes: r, then s.
    [[nodiscard]] std::string sign(std::string_view text) const;
    [[nodiscard]] std::shared_ptr<const Es256PublicKey> public_key() const;
    /// A secret key for another purpose, that only who has this one can make. The same for the same
    /// purpose, always; says nothing of this key or of those for other purposes.
    [[nodiscard]] MacKey derive(std::string_view purpose) const;

private:
    std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace banter::service
