// What Banter is to an issuer of OpenID Connect, as the operator says it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::service {

struct OidcClient {
    /// What it is called here: in URLs, and on the button that leads there.
    std::string name;
    /// The issuer's name for itself, exactly: an is_oidc_url without a query.
    std::string issuer;
    std::string client_id;
    /// Empty: the client is a public one, and PKCE alone proves that it is who began.
    std::string client_secret;
    /// Beside `openid`, such as "profile".
    std::vector<std::string> scopes;
};

/// 1 to 32 of a to z, 0 to 9 and hyphen.
[[nodiscard]] bool is_oidc_name(std::string_view text);

/// A URL without a fragment and without a user's name: by https, or by http to this machine.
[[nodiscard]] bool is_oidc_url(std::string_view text);

/// `text` as application/x-www-form-urlencoded has it, but a space is %20, which counts everywhere.
[[nodiscard]] std::string form_of(
    const std::vector<std::pair<std::string_view, std::string>>& fields
);

}  // namespace banter::service
