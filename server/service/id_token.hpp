// ID tokens (OpenID Connect Core 1.0, 2 and 3.1.3.7) and answers of UserInfo (5.3). Pure.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "service/tokens.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

/// What an ID token has to say to be the one that was asked for.
struct IdTokenRules {
    std::string_view issuer;
    std::string_view client_id;
    std::string_view nonce;
    /// One of these; the token's header never chooses beyond them.
    const std::vector<std::string>& algorithms;
    std::function<std::shared_ptr<const VerificationKey>(std::string_view key_id)> find_key;
};

/// What an issuer says of somebody: a profile, no credential.
struct OidcProfile {
    std::string subject;
    std::optional<std::string> name, username, picture;
};

struct IdToken {
    OidcProfile profile;
    Timestamp issued_at;
};

/// The key that the token names; nothing: it is no token. Proves nothing.
[[nodiscard]] std::optional<std::string> key_named_by(std::string_view token);

/// Returns unauthenticated with a detail for the operator, in which nothing of the token is.
[[nodiscard]] Result<IdToken> verify_id_token(
    std::string_view token,
    const IdTokenRules& rules,
    Timestamp now
);

/// What UserInfo answered. Returns unauthenticated: it is no such answer, or of somebody else than
/// `subject`, which would be another's name on this account.
[[nodiscard]] Result<OidcProfile> parse_user_info(std::string_view text, std::string_view subject);

}  // namespace banter::service
