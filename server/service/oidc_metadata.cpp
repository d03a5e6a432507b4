#include "service/oidc_metadata.hpp"

#include "service/jws.hpp"
#include "service/oidc_client.hpp"
#include "service/refusals.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace banter::service {

namespace {

namespace json = boost::json;

constexpr std::array known_algorithms = {std::string_view("RS256"), std::string_view("ES256")};

/// Names in a list; nothing if it isn't there, or is no list of texts.
std::optional<std::vector<std::string>> list_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    if (found == nullptr || !found->is_array()) return std::nullopt;
    std::vector<std::string> texts;
    for (const json::value& each : found->get_array()) {
        if (!each.is_string()) return std::nullopt;
        texts.emplace_back(each.get_string());
    }
    return texts;
}

bool holds(const std::vector<std::string>& list, std::string_view text) {
    return std::ranges::find(list, text) != list.end();
}

/// A list that may be left out; then it is taken to hold what is asked for.
bool may_hold(const json::object& object, std::string_view name, std::string_view text) {
    if (!object.contains(name)) return true;
    const auto list = list_of(object, name);
    return list && holds(*list, text);
}

/// Empty: it isn't there, or is none that is taken. An issuer elsewhere names none of this machine.
std::string endpoint_of(
    const json::object& object,
    std::string_view name,
    std::string_view issuer
) {
    const json::value* found = object.if_contains(name);
    if (found == nullptr || !found->is_string()) return {};
    std::string text(found->get_string());
    const bool is_here = text.starts_with("http:");
    return is_oidc_url(text) && (!is_here || issuer.starts_with("http:")) ? text : std::string();
}

/// What is missing for the authorization code flow; nothing: it is all there.
std::optional<Error> shortcoming(const json::object& object) {
    const auto responses = list_of(object, "response_types_supported");
    if (!responses || !holds(*responses, "code"))
        return bad_request("it does not have the response type code");
    if (!may_hold(object, "response_modes_supported", "query"))
        return bad_request("it does not answer in the query");
    if (!may_hold(object, "grant_types_supported", "authorization_code"))
        return bad_request("it does not have the grant type authorization_code");
    if (!may_hold(object, "code_challenge_methods_supported", "S256"))
        return bad_request("it does not have PKCE with S256");
    return std::nullopt;
}

/// client_secret_basic where nothing is said (RFC 8414 2).
std::optional<SecretGoes> secret_of(const json::object& object) {
    constexpr std::string_view name = "token_endpoint_auth_methods_supported";
    if (may_hold(object, name, "client_secret_basic")) return SecretGoes::in_header;
    if (may_hold(object, name, "client_secret_post")) return SecretGoes::in_body;
    // For a client without a secret it makes no difference.
    if (may_hold(object, name, "none")) return SecretGoes::in_body;
    return std::nullopt;
}

}  // namespace

std::string metadata_url(std::string_view issuer) {
    if (issuer.ends_with('/')) issuer.remove_suffix(1);
    return std::string(issuer) + "/.well-known/openid-configuration";
}

Result<OidcMetadata> parse_oidc_metadata(std::string_view text, std::string_view issuer) {
    if (text.size() > oidc_metadata_bytes_max) return bad_request("its metadata is too large");
    const auto object = jws::parse_object(text);
    if (!object) return bad_request("its metadata is no JSON object");
    const json::value* named = object->if_contains("issuer");
    if (named == nullptr || !named->is_string() || named->get_string() != issuer)
        return bad_request("its metadata is of another issuer");
    if (auto missing = shortcoming(*object)) return *std::move(missing);

    OidcMetadata metadata{
        .authorization_endpoint = endpoint_of(*object, "authorization_endpoint", issuer),
        .token_endpoint = endpoint_of(*object, "token_endpoint", issuer),
        .userinfo_endpoint = endpoint_of(*object, "userinfo_endpoint", issuer),
        .jwks_uri = endpoint_of(*object, "jwks_uri", issuer),
        .algorithms = {},
    };
    if (metadata.authorization_endpoint.empty() || metadata.token_endpoint.empty() ||
        metadata.jwks_uri.empty()) {
        return bad_request("its metadata lacks an endpoint, or has one that is not by https");
    }
    if (object->contains("userinfo_endpoint") && metadata.userinfo_endpoint.empty())
        return bad_request("its userinfo_endpoint is not by https");

    const auto algorithms = list_of(*object, "id_token_signing_alg_values_supported");
    for (const std::string_view known : known_algorithms) {
        if (algorithms && holds(*algorithms, known)) metadata.algorithms.emplace_back(known);
    }
    if (metadata.algorithms.empty())
        return bad_request("it signs ID tokens neither by RS256 nor by ES256");

    const auto secret = secret_of(*object);
    if (!secret) return bad_request("it takes a client's secret neither by Basic nor in the form");
    metadata.secret_goes = *secret;
    constexpr std::string_view names = "authorization_response_iss_parameter_supported";
    const json::value* says = object->if_contains(names);
    if (says != nullptr && !says->is_bool()) return bad_request("its metadata is malformed");
    metadata.names_itself = says != nullptr && says->get_bool();
    return metadata;
}

}  // namespace banter::service
