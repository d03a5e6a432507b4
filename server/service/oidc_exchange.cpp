#include "service/oidc_exchange.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "service/jws.hpp"
#include "service/refusals.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <span>

namespace banter::service {

namespace {

std::string scope_of(const OidcClient& client) {
    std::string scope = "openid";
    for (const std::string& each : client.scopes) {
        if (each != "openid") scope += " " + each;
    }
    return scope;
}

/// RFC 6749 2.3.1: both are encoded before they are joined.
std::string basic(const OidcClient& client) {
    const std::string pair =
        percent_encoded(client.client_id) + ":" + percent_encoded(client.client_secret);
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(pair.data());
    return "Basic " + base64(std::span(bytes, pair.size()));
}

/// Longer than other claims.
std::string token_in(const boost::json::object& object, std::string_view name) {
    const boost::json::value* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) { return letter > ' ' && letter < 0x7f; });
}

}  // namespace

std::string authorization_url(
    const OidcMetadata& metadata,
    const OidcClient& client,
    const OidcAttempt& attempt,
    const std::string& redirect_uri
) {
    const std::string& endpoint = metadata.authorization_endpoint;
    const char joint = endpoint.find('?') == std::string::npos ? '?' : '&';
    return endpoint + joint +
           form_of({
               {"response_type", "code"},
               {"client_id", client.client_id},
               {"redirect_uri", redirect_uri},
               {"scope", scope_of(client)},
               {"state", attempt.state},
               {"nonce", attempt.nonce},
               {"code_challenge", attempt.challenge()},
               {"code_challenge_method", "S256"},
           });
}

OidcCall token_call(
    const OidcMetadata& metadata,
    const OidcClient& client,
    const OidcRedemption& redemption
) {
    std::vector<std::pair<std::string_view, std::string>> fields{
        {"grant_type", "authorization_code"},
        {"code", redemption.code},
        {"redirect_uri", redemption.redirect_uri},
        {"code_verifier", redemption.verifier},
    };
    OidcCall call{.url = metadata.token_endpoint};
    const bool in_header =
        !client.client_secret.empty() && metadata.secret_goes == SecretGoes::in_header;
    if (in_header) {
        call.authorization = basic(client);
    } else {
        fields.emplace_back("client_id", client.client_id);
        if (!client.client_secret.empty())
            fields.emplace_back("client_secret", client.client_secret);
    }
    call.form = form_of(fields);
    return call;
}

OidcCall user_info_call(const OidcMetadata& metadata, const std::string& access_token) {
    return {.url = metadata.userinfo_endpoint, .authorization = "Bearer " + access_token};
}

std::string shown_error(std::string_view code) {
    constexpr std::size_t bytes_max = 64;
    const bool known =
        !code.empty() && code.size() <= bytes_max && std::ranges::all_of(code, [](char letter) {
            return letter == '_' || (letter >= 'a' && letter <= 'z');
        });
    return known ? std::string(code) : "another error";
}

Result<OidcTokens> parse_token_answer(const OidcAnswer& answer) {
    const auto object = jws::parse_object(answer.body);
    if (answer.status != 200) {
        const std::string code = object ? token_in(*object, "error") : "";
        return unauthenticated("the token endpoint refuses: " + shown_error(code));
    }
    if (!object) return unauthenticated("the token endpoint's answer is no JSON object");
    OidcTokens tokens{token_in(*object, "id_token"), token_in(*object, "access_token")};
    if (tokens.id_token.empty()) return unauthenticated("there is no ID token in the answer");
    // Of another type it is nothing to show (RFC 6749 7.1).
    const bool bears = lower_case(token_in(*object, "token_type")) == "bearer";
    if (!bears || !is_visible(tokens.access_token)) tokens.access_token.clear();
    return tokens;
}

}  // namespace banter::service
