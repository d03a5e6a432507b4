#include "service/tokens.hpp"

#include "model/limits.hpp"
#include "service/checked_signatures.hpp"
#include "service/jws.hpp"
#include "service/organizations.hpp"
#include "service/refusals.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace banter::service {

namespace {

namespace json = boost::json;
namespace limits = model::limits;

using jws::Header;
using jws::Parts;
using jws::text_of;
using jws::time_of;

/// What a token says of the organization that it acts in: `o` in those of the second version,
/// `org_…` in those of the first.
struct Organization {
    std::optional<std::string> id, slug, role;
};

Organization organization_of(const json::object& claims) {
    if (const json::value* found = claims.if_contains("o")) {
        if (!found->is_object()) return {};
        const json::object& organization = found->get_object();
        return {
            text_of(organization, "id"),
            text_of(organization, "slg"),
            text_of(organization, "rol"),
        };
    }
    return {text_of(claims, "org_id"), text_of(claims, "org_slug"), text_of(claims, "org_role")};
}

/// An optional time: true if it is absent, or fits the bound.
template <typename Fits>
bool time_fits(const json::object& claims, std::string_view name, Fits fits) {
    const json::value* found = claims.if_contains(name);
    if (found == nullptr) return true;
    const auto time = time_of(*found);
    return time && fits(*time);
}

/// act.sub, or nothing: nobody acts for the subject. Anything else is malformed.
std::optional<std::string> actor_of(const json::object& claims) {
    const json::value* actor = claims.if_contains("act");
    return actor != nullptr && actor->is_object() ? text_of(actor->get_object(), "sub")
                                                  : std::nullopt;
}

/// What Clerk says of a session beside RFC 7519 (clerk.com/docs/backend-requests/resources).
std::optional<Error> session_mistake(const json::object& claims, const SessionRules& rules) {
    if (claims.contains("sts") && text_of(claims, "sts") != "active")
        return Error{Errc::forbidden, "the sign-in is not complete yet"};
    if (claims.contains("act") && !actor_of(claims))
        return unauthenticated("the token's act is malformed");
    if (rules.needs_sign_in && !claims.contains("sid"))
        return unauthenticated("the token is of no session");
    const auto& parties = rules.authorized_parties;
    const auto party = text_of(claims, "azp");
    if (!parties.empty() && (!party || std::ranges::find(parties, *party) == parties.end()))
        return unauthenticated("the token was made for another page");
    if (rules.needs_organization && !organization_of(claims).id)
        return Error{Errc::forbidden, "only members of an organization come in: choose one first"};
    return std::nullopt;
}

/// `claims` are those of a token whose signature has been checked.
Result<Claims> read_claims(const json::object& claims, const Issuer& issuer, Timestamp now) {
    const json::value* expiry = claims.if_contains("exp");
    const auto expires_at = expiry != nullptr ? time_of(*expiry) : std::nullopt;
    if (!expires_at) return unauthenticated("the token does not say when it expires");
    if (*expires_at <= now - issuer.clock_skew) return token_expired();
    const auto has_begun = [&](Timestamp time) { return time <= now + issuer.clock_skew; };
    if (!time_fits(claims, "nbf", has_begun)) return unauthenticated("the token is not valid yet");
    if (!time_fits(claims, "iat", has_begun))
        return unauthenticated("the token is issued in the future");

    auto subject = text_of(claims, "sub");
    if (!subject) return unauthenticated("the token has no subject");
    auto sign_in = text_of(claims, "sid");
    if (!sign_in && claims.contains("sid")) return unauthenticated("the token's sid is malformed");
    auto organization = organization_of(claims);
    if (!organization.id && (claims.contains("o") || claims.contains("org_id"))) {
        return unauthenticated("the token's organization is malformed");
    }
    if (auto mistake = session_mistake(claims, issuer.rules)) return *std::move(mistake);
    const json::value* issued = claims.if_contains("iat");
    return Claims{
        .issuer = issuer.name,
        .subject = std::move(*subject),
        .sign_in = std::move(sign_in),
        .workspace = std::move(organization.id),
        .expires_at = *expires_at,
        .issued_at = issued != nullptr ? *time_of(*issued) : Timestamp{},
        .name = text_of(claims, "name"),
        .username = text_of(claims, "username"),
        .picture = jws::picture_of(claims),
        .authorized_party = text_of(claims, "azp"),
        .actor = actor_of(claims),
        .organization_slug = std::move(organization.slug),
        .role = workspace_role(organization.role.value_or("")),
    };
}

}  // namespace

/// Nothing of it was proved.
struct Issuers::Unverified {
    Parts parts;
    Header header;
    json::object claims;
    const Issuer* issuer;
};

void Issuers::add(Issuer issuer) { issuers_.push_back(std::move(issuer)); }

Result<Issuers::Unverified> Issuers::read(std::string_view token) const {
    const Error malformed = unauthenticated("the token is malformed");
    if (token.size() > limits::token_bytes_max) return malformed;
    auto parts = jws::split(token);
    if (!parts) return malformed;
    const auto header_object = jws::parse_object(parts->header);
    auto claims = jws::parse_object(parts->payload);
    if (!header_object || !claims) return malformed;
    auto header = jws::read_header(*header_object);
    if (!header) return malformed;

    // The issuer only says whose keys may prove the token; it is believed when one has.
    const auto named = text_of(*claims, "iss");
    const auto issuer = std::find_if(issuers_.begin(), issuers_.end(), [&](const Issuer& known) {
        return named == known.name;
    });
    if (issuer == issuers_.end()) return unauthenticated("the token's issuer is not known here");
    return Unverified{*std::move(parts), *std::move(header), *std::move(claims), &*issuer};
}

Result<Claims> Issuers::verify(std::string_view token, Timestamp now) const {
    const auto read = this->read(token);
    if (!read) return read.error();
    const auto key = read->issuer->find_key(read->header.key_id);
    if (key == nullptr) return unauthenticated("the token's key is not known");
    if (read->header.algorithm != key->algorithm()) {
        return unauthenticated("the token's algorithm is not the one of its key");
    }
    if (!is_signed(*read, *key)) return unauthenticated("the token's signature is wrong");
    return read_claims(read->claims, *read->issuer, now);
}

bool Issuers::is_signed(const Unverified& token, const VerificationKey& key) const {
    const Parts& parts = token.parts;
    if (checked_ == nullptr) return key.verifies(parts.signed_text, parts.signature);
    return checked_->is_signed_by(key, parts.signed_text, parts.signature, loop_);
}

std::optional<Task<>> Issuers::look_for_key_of(std::string_view token) const {
    auto read = this->read(token);
    if (!read || !read->issuer->look_for_key) return std::nullopt;
    std::string& key_id = read->header.key_id;
    if (read->issuer->find_key(key_id) != nullptr) return std::nullopt;
    return read->issuer->look_for_key(std::move(key_id));
}

void Issuers::note_user(const Claims& claims) const {
    for (const Issuer& issuer : issuers_) {
        if (issuer.name == claims.issuer && issuer.note_user) issuer.note_user(claims.subject);
    }
}

}  // namespace banter::service
