// The issuer of this installation's own tokens: an ES256 key (RFC 7518 3.4) in the data directory,
// and its public half as a JWK set.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"
#include "service/mac.hpp"
#include "service/tokens.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

struct TokenRequest {
    std::string subject;
    std::optional<model::SignInId> sign_in;
    Timestamp issued_at;
    Timestamp expires_at;
};

class LocalIssuer {
public:
    /// The `iss` of local tokens.
    static constexpr std::string_view issuer_name = "banter";
    /// Subjects of tokens made offline: `handle:NAME`.
    static constexpr std::string_view handle_prefix = "handle:";

    /// A new private key in PEM (PKCS#8).
    [[nodiscard]] static std::string make_key();
    /// Throws std::runtime_error with a sentence if the text is no P-256 private key.
    explicit LocalIssuer(const std::string& private_key_pem);
    ~LocalIssuer();

    [[nodiscard]] std::string sign(const TokenRequest& request) const;
    /// RFC 7517, for /.well-known/jwks.json.
    [[nodiscard]] const std::string& jwks() const;
    [[nodiscard]] Issuer issuer() const;
    /// A key of this installation's own for something else than tokens; see
    /// Es256PrivateKey::derive.
    [[nodiscard]] MacKey derive_key(std::string_view purpose) const;

private:
    struct Key;
    std::shared_ptr<const Key> key_;
};

}  // namespace banter::service
