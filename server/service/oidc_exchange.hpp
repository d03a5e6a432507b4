// What goes to an issuer and comes back, as bytes (OpenID Connect Core 3.1, RFC 6749 4.1, RFC
// 7636). Pure.
#pragma once

#include "base/result.hpp"
#include "service/oidc_attempt.hpp"
#include "service/oidc_client.hpp"
#include "service/oidc_metadata.hpp"

#include <cstddef>
#include <string>

namespace banter::service {

/// A request to an issuer.
struct OidcCall {
    std::string url;
    /// The value of Authorization; empty: none.
    std::string authorization{};
    /// Sent by POST, as a form; empty: it is a GET.
    std::string form{};
};

struct OidcAnswer {
    int status = 0;
    std::string body;
};

/// An answer of an issuer is not believed to be small.
inline constexpr std::size_t oidc_answer_bytes_max = 64 * 1024;

/// What came back to the callback, to be traded for tokens.
struct OidcRedemption {
    std::string code;
    std::string verifier;
    std::string nonce;
    std::string redirect_uri;
};

struct OidcTokens {
    std::string id_token;
    /// Empty: none that UserInfo takes.
    std::string access_token;
};

/// Where the browser signs in.
[[nodiscard]] std::string authorization_url(
    const OidcMetadata& metadata,
    const OidcClient& client,
    const OidcAttempt& attempt,
    const std::string& redirect_uri
);

[[nodiscard]] OidcCall token_call(
    const OidcMetadata& metadata,
    const OidcClient& client,
    const OidcRedemption& redemption
);

[[nodiscard]] OidcCall user_info_call(
    const OidcMetadata& metadata,
    const std::string& access_token
);

/// Returns unauthenticated with a detail for the operator: the issuer refused, or answered what is
/// no answer. Of its text only an error's code is told.
[[nodiscard]] Result<OidcTokens> parse_token_answer(const OidcAnswer& answer);

/// An error's code as RFC 6749 has them, or "another error": fit for a log, whoever wrote it.
[[nodiscard]] std::string shown_error(std::string_view code);

}  // namespace banter::service
