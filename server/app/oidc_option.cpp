#include "app/oidc_option.hpp"

#include "app/option_values.hpp"
#include "base/text.hpp"
#include "model/limits.hpp"
#include "service/oidc_client.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>

namespace banter::app {

namespace {

/// RFC 6749 3.3: visible, without quotation mark and backslash.
bool is_scope(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return letter > ' ' && letter < 0x7f && letter != '"' && letter != '\\';
    });
}

std::string set_scopes(std::vector<std::string>& field, std::string_view value) {
    field.clear();
    if (value.find_first_not_of(' ') == std::string_view::npos)
        return "has scopes that are empty: leave them out, or ask for openid alone";
    while (!value.empty()) {
        const std::string_view scope = take_until(value, ' ');
        if (scope.empty()) continue;
        if (!is_scope(scope)) return "has scopes that no issuer knows";
        field.emplace_back(scope);
    }
    return {};
}

/// RFC 6749 A.1: visible, or a space. One at an end is an accident.
bool is_client_id(std::string_view text) {
    return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
           std::ranges::all_of(text, [](char letter) { return letter >= ' ' && letter < 0x7f; });
}

/// Of an is_oidc_url; true without one.
bool has_possible_port(std::string_view url) {
    url.remove_prefix(url.find("://") + 3);
    const std::string_view authority = url.substr(0, url.find_first_of("/?"));
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    const std::size_t colon = authority.find(':', bracket);
    if (colon == std::string_view::npos) return true;
    std::uint16_t port = 0;
    return set_number<std::uint16_t>(port, std::string(authority.substr(colon + 1)), 1, 65535)
        .empty();
}

/// Its own name for itself is compared as it is.
std::string set_issuer_url(std::string& field, const std::string& value) {
    const bool is_url = service::is_oidc_url(value) && value.find('?') == std::string::npos &&
                        value.size() <= model::limits::claim_bytes_max;
    if (!is_url) return "has an issuer that is no URL such as https://login.example.com";
    if (!has_possible_port(value)) return "has an issuer whose port is not from 1 to 65535";
    field = value;
    return {};
}

std::string set_part(OidcConfig& issuer, std::string_view name, const std::string& value) {
    if (name == "issuer") return set_issuer_url(issuer.issuer, value);
    if (name == "scopes") return set_scopes(issuer.scopes, value);
    if (name == "client-id") {
        issuer.client_id = value;
        if (is_client_id(value)) return {};
        return "has a client-id that is empty, or has spaces at its ends or control characters";
    }
    if (name == "name") {
        issuer.name = value;
        if (service::is_oidc_name(value)) return {};
        return "has a name that is not 1 to 32 of a to z, 0 to 9 and hyphen";
    }
    if (name == "client-secret-file") {
        if (value.empty()) return "has a client-secret-file without a name";
        const std::string trouble = set_existing(issuer.client_secret_file, value);
        return trouble.empty() ? trouble : "has a client-secret-file that " + trouble;
    }
    return fmt::format(
        "has the part {}; there are issuer, client-id, name, client-secret-file and scopes", name
    );
}

std::string parse_one(OidcConfig& issuer, std::string_view text) {
    std::set<std::string_view> seen;
    if (text.ends_with(',')) return "has a comma at an end, with no part behind it";
    while (!text.empty()) {
        std::string_view part = take_until(text, ',');
        if (trimmed(part).empty()) return "has a comma with no part before it";
        const std::string_view name = take_until(part, '=');
        if (!seen.insert(name).second) return fmt::format("has the part {} twice", name);
        std::string trouble = set_part(issuer, name, std::string(part));
        if (!trouble.empty()) return trouble;
    }
    if (issuer.issuer.empty() || issuer.client_id.empty() || issuer.name.empty())
        return "has to be issuer=URL,client-id=ID,name=NAME for each issuer";
    return {};
}

}  // namespace

std::string parse_oidc(std::vector<OidcConfig>& field, const std::string& value) {
    std::vector<OidcConfig> issuers;
    std::string_view rest = value;
    while (!rest.empty()) {
        const std::string_view text = trimmed(take_until(rest, ';'));
        if (text.empty()) continue;
        OidcConfig issuer;
        if (std::string trouble = parse_one(issuer, text); !trouble.empty()) return trouble;
        for (const OidcConfig& other : issuers) {
            if (other.name == issuer.name) return "has two issuers of one name";
            // A person of an issuer is one user, whoever asks.
            if (other.issuer == issuer.issuer) return "has one issuer twice";
        }
        issuers.push_back(std::move(issuer));
    }
    field = std::move(issuers);
    return {};
}

std::string oidc_text(const std::vector<OidcConfig>& issuers) {
    std::string text;
    for (const OidcConfig& issuer : issuers) {
        if (!text.empty()) text += ';';
        text += fmt::format(
            "issuer={},client-id={},name={},scopes={}",
            issuer.issuer,
            issuer.client_id,
            issuer.name,
            fmt::join(issuer.scopes, " ")
        );
        if (!issuer.client_secret_file.empty())
            text += ",client-secret-file=" + issuer.client_secret_file.string();
    }
    return text;
}

}  // namespace banter::app
