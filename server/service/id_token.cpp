#include "service/id_token.hpp"

#include "base/same_secret.hpp"
#include "model/limits.hpp"
#include "service/jws.hpp"
#include "service/oidc_attempt.hpp"
#include "service/refusals.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>

namespace banter::service {

namespace {

namespace json = boost::json;

using jws::text_of;
using jws::time_of;

/// Between the issuer's clock and ours.
constexpr std::chrono::seconds clock_skew{60};

/// Those whom the token is for; nothing: it doesn't say, or not in the form of RFC 7519 4.1.3.
std::vector<std::string> audiences_of(const json::object& claims) {
    const json::value* found = claims.if_contains("aud");
    if (found == nullptr) return {};
    if (found->is_string()) return {std::string(found->get_string())};
    if (!found->is_array()) return {};
    std::vector<std::string> audiences;
    for (const json::value& each : found->get_array()) {
        if (!each.is_string()) return {};
        audiences.emplace_back(each.get_string());
    }
    return audiences;
}

/// The token is for this client and for no other to use.
std::optional<Error> mistake_in_audience(const json::object& claims, std::string_view client_id) {
    const auto audiences = audiences_of(claims);
    if (std::ranges::find(audiences, client_id) == audiences.end())
        return unauthenticated("the ID token is for another client");
    if (audiences.size() > 1 && !claims.contains("azp"))
        return unauthenticated("the ID token is for several clients and says not whose it is");
    if (claims.contains("azp") && text_of(claims, "azp") != client_id)
        return unauthenticated("the ID token is another client's");
    return std::nullopt;
}

std::optional<Timestamp> time_at(const json::object& claims, std::string_view name) {
    const json::value* found = claims.if_contains(name);
    return found != nullptr ? time_of(*found) : std::nullopt;
}

std::optional<Error> mistake_in_times(const json::object& claims, Timestamp now) {
    const auto expires_at = time_at(claims, "exp");
    const auto issued_at = time_at(claims, "iat");
    if (!expires_at || !issued_at)
        return unauthenticated("the ID token does not say when it was issued and expires");
    if (*expires_at <= now - clock_skew) return unauthenticated("the ID token is expired");
    if (*issued_at > now + clock_skew)
        return unauthenticated("the ID token is issued in the future");
    const auto begins = time_at(claims, "nbf");
    if (claims.contains("nbf") && (!begins || *begins > now + clock_skew))
        return unauthenticated("the ID token is not valid yet");
    return std::nullopt;
}

OidcProfile profile_of(const json::object& claims, std::string subject) {
    return {
        .subject = std::move(subject),
        .name = text_of(claims, "name"),
        .username = text_of(claims, "preferred_username"),
        .picture = jws::picture_of(claims),
    };
}

/// Of a token whose signature has been checked.
Result<IdToken> read_claims(const json::object& claims, const IdTokenRules& rules, Timestamp now) {
    if (auto mistake = mistake_in_audience(claims, rules.client_id)) return *std::move(mistake);
    if (auto mistake = mistake_in_times(claims, now)) return *std::move(mistake);
    const auto nonce = text_of(claims, "nonce");
    if (!nonce || !same_secret(*nonce, rules.nonce))
        return unauthenticated("the ID token is of another attempt to sign in");
    auto subject = text_of(claims, "sub");
    if (!subject) return unauthenticated("the ID token has no subject");
    return IdToken{
        .profile = profile_of(claims, *std::move(subject)),
        .issued_at = *time_at(claims, "iat"),
    };
}

}  // namespace

std::optional<std::string> key_named_by(std::string_view token) {
    const auto parts = jws::split(token);
    const auto object = parts ? jws::parse_object(parts->header) : std::nullopt;
    auto header = object ? jws::read_header(*object) : std::nullopt;
    if (!header) return std::nullopt;
    return std::move(header->key_id);
}

Result<IdToken> verify_id_token(std::string_view token, const IdTokenRules& rules, Timestamp now) {
    const Error malformed = unauthenticated("the ID token is malformed");
    if (token.size() > model::limits::token_bytes_max) return malformed;
    const auto parts = jws::split(token);
    if (!parts) return malformed;
    const auto header_object = jws::parse_object(parts->header);
    const auto claims = jws::parse_object(parts->payload);
    if (!header_object || !claims) return malformed;
    const auto header = jws::read_header(*header_object);
    if (!header) return malformed;
    if (std::ranges::find(rules.algorithms, header->algorithm) == rules.algorithms.end())
        return unauthenticated("the ID token's algorithm is none that the issuer says it uses");
    if (text_of(*claims, "iss") != rules.issuer)
        return unauthenticated("the ID token is of another issuer");
    const auto key = rules.find_key(header->key_id);
    if (key == nullptr) return unauthenticated("the ID token's key is not known");
    if (header->algorithm != key->algorithm())
        return unauthenticated("the ID token's algorithm is not the one of its key");
    if (!key->verifies(parts->signed_text, parts->signature))
        return unauthenticated("the ID token's signature is wrong");
    return read_claims(*claims, rules, now);
}

Result<OidcProfile> parse_user_info(std::string_view text, std::string_view subject) {
    const auto claims = jws::parse_object(text);
    if (!claims) return unauthenticated("what UserInfo answered is no JSON object");
    auto named = text_of(*claims, "sub");
    if (!named || *named != subject)
        return unauthenticated("what UserInfo answered is of somebody else");
    return profile_of(*claims, *std::move(named));
}

}  // namespace banter::service
