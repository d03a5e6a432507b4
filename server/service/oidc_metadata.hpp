// What an issuer says of itself (OpenID Connect Discovery 1.0, RFC 8414, RFC 9207). Pure.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

/// How a client with a secret shows it at the token endpoint (OpenID Connect Core 9).
enum class SecretGoes { in_header, in_body };

struct OidcMetadata {
    std::string authorization_endpoint;
    std::string token_endpoint;
    /// Empty: there is none.
    std::string userinfo_endpoint;
    std::string jwks_uri;
    /// Of its ID tokens; those of them that can be checked here, at least one.
    std::vector<std::string> algorithms;
    SecretGoes secret_goes = SecretGoes::in_header;
    /// Its answers name it (RFC 9207): one that doesn't is another's.
    bool names_itself = false;
};

/// What an issuer publishes is not believed to be small or well formed.
inline constexpr std::size_t oidc_metadata_bytes_max = 64 * 1024;

/// Where the issuer publishes it (Discovery 4.1).
[[nodiscard]] std::string metadata_url(std::string_view issuer);

/// Returns bad_request with a detail for the operator: it is of another issuer, malformed, or
/// promises too little for the authorization code flow with PKCE.
[[nodiscard]] Result<OidcMetadata> parse_oidc_metadata(
    std::string_view text,
    std::string_view issuer
);

}  // namespace banter::service
