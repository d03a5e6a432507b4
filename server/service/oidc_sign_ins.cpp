#include "service/oidc_sign_ins.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "base/run_on.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <utility>

namespace banter::service {

namespace {

/// Of "ada@example.com" as some issuers call people here it is the part before the @.
std::optional<std::string> short_name(const std::optional<std::string>& username) {
    if (!username) return std::nullopt;
    std::string name = username->substr(0, username->find('@'));
    return name.empty() ? std::nullopt : std::optional(std::move(name));
}

Claims claims_of(const OidcIssuer& issuer, const IdToken& token) {
    return {
        .issuer = issuer.client().issuer,
        .subject = token.profile.subject,
        .sign_in = std::nullopt,
        .workspace = std::nullopt,
        .expires_at = {},
        .issued_at = token.issued_at,
        .name = token.profile.name,
        .username = short_name(token.profile.username),
        .picture = token.profile.picture,
        .authorized_party = std::nullopt,
        .actor = std::nullopt,
    };
}

/// The code of an answer that this issuer gave, and that is no error.
OidcOutcome<std::string> code_of(
    const OidcReturn& back,
    const OidcClient& client,
    const OidcMetadata& metadata
) {
    // RFC 9207 2.4: what another issuer answered is not given to this one.
    const bool misnamed = back.issuer ? *back.issuer != client.issuer : metadata.names_itself;
    if (misnamed) {
        log::warning("an answer is of another issuer", {{"issuer", client.issuer}});
        return OidcTrouble::refused;
    }
    if (!back.error && back.code) return *back.code;
    const std::string error = shown_error(back.error.value_or(""));
    log::info("an issuer signs nobody in", {{"issuer", client.issuer}, {"error", error}});
    const bool later = error == "temporarily_unavailable" || error == "server_error";
    return later ? OidcTrouble::unavailable : OidcTrouble::cancelled;
}

}  // namespace

OidcSignIns::OidcSignIns(
    const OidcIssuers& issuers,
    const LocalIssuer& local_issuer,
    Identities identities,
    SignIns& sign_ins,
    storage::Storage& storage,
    const Clock& clock,
    Random& random
)
    : issuers_(issuers),
      identities_(identities),
      sign_ins_(sign_ins),
      storage_(storage),
      clock_(clock),
      random_(random),
      key_(local_issuer.derive_key("attempts to sign in at an issuer")) {}

std::vector<std::string_view> OidcSignIns::names() const {
    std::vector<std::string_view> names;
    for (const auto& issuer : issuers_.all) names.push_back(issuer->client().name);
    return names;
}

OidcIssuer* OidcSignIns::find(std::string_view name) const {
    const auto found = std::ranges::find_if(issuers_.all, [&](const auto& issuer) {
        return issuer->client().name == name;
    });
    return found == issuers_.all.end() ? nullptr : found->get();
}

Task<bool> OidcSignIns::is_too_often(std::string address) {
    const auto rate = storage::per_minute(attempts_per_minute);
    std::string key = "oidc:address:" + address;
    const auto wait = co_await storage_.rates.take(std::move(key), rate);
    co_return wait.has_value();
}

Task<OidcOutcome<OidcBegun>> OidcSignIns::begin(OidcBeginning beginning) {
    OidcIssuer* const issuer = find(beginning.name);
    CHECK(issuer != nullptr && is_own_path(beginning.return_to));
    const bool refused = co_await is_too_often(std::move(beginning.address));
    if (refused) co_return OidcTrouble::rate_limited;
    auto asking = issuer->metadata();
    const auto metadata = co_await run_on(issuers_.loop, std::move(asking));
    if (metadata == nullptr) co_return OidcTrouble::unavailable;
    const OidcAttempt attempt = OidcAttempt::begin(
        std::move(beginning.name), std::move(beginning.return_to), random_, clock_.now()
    );
    co_return OidcBegun{
        .url = authorization_url(*metadata, issuer->client(), attempt, beginning.redirect_uri),
        .cookie = attempt.sealed(key_),
        .expires_at = attempt.expires_at,
    };
}

Task<bool> OidcSignIns::end(const OidcAttempt& attempt) {
    const std::chrono::seconds lifetime = OidcAttempt::lifetime;
    const storage::Rate once{.per_second = 1.0 / static_cast<double>(lifetime.count()), .burst = 1};
    std::string key = "oidc:attempt:" + attempt.challenge();
    const auto wait = co_await storage_.rates.take(std::move(key), once);
    co_return wait.has_value();
}

OidcOutcome<OidcAttempt> OidcSignIns::attempt_of(const OidcReturn& back) const {
    const auto attempt = OidcAttempt::open(back.cookie.value_or(""), key_, clock_.now());
    if (!attempt || attempt->name != back.name || !back.state || !attempt->has_state(*back.state))
        return OidcTrouble::stale;
    return *attempt;
}

Task<OidcOutcome<OidcSignedIn>> OidcSignIns::finish(OidcReturn back) {
    OidcIssuer* const issuer = find(back.name);
    CHECK(issuer != nullptr);
    auto attempt = attempt_of(back);
    if (!attempt) co_return attempt.error();
    auto asking = issuer->metadata();
    const auto metadata = co_await run_on(issuers_.loop, std::move(asking));
    if (metadata == nullptr) co_return OidcTrouble::unavailable;
    auto code = code_of(back, issuer->client(), *metadata);
    if (!code) co_return code.error();
    const bool has_ended = co_await end(*attempt);
    if (has_ended) co_return OidcTrouble::stale;
    OidcRedemption redemption{
        .code = *std::move(code),
        .verifier = std::move(attempt->verifier),
        .nonce = std::move(attempt->nonce),
        .redirect_uri = std::move(back.redirect_uri),
    };
    auto redeeming = issuer->redeem(std::move(redemption));
    auto proof = co_await run_on(issuers_.loop, std::move(redeeming));
    if (!proof) co_return proof.error();
    auto user = co_await user_of(*issuer, *std::move(proof));
    if (!user) co_return user.error();
    auto grant = co_await sign_ins_.begin(*std::move(user), std::move(back.device));
    if (!grant) co_return OidcTrouble::closed;
    co_return OidcSignedIn{*std::move(grant), std::move(attempt->return_to)};
}

Task<OidcOutcome<model::User>> OidcSignIns::user_of(OidcIssuer& issuer, OidcProof proof) {
    const Claims proven = claims_of(issuer, proof.token);
    auto known = co_await identities_.find(proven);
    if (known && !model::may_sign_in(known->user)) co_return OidcTrouble::closed;
    if (known) co_return std::move(known->user);

    IdToken token = proof.token;
    auto asking = issuer.profile(std::move(proof));
    auto profile = co_await run_on(issuers_.loop, std::move(asking));
    if (!profile) co_return profile.error();
    token.profile = *std::move(profile);
    const Claims claims = claims_of(issuer, token);
    auto made = co_await identities_.make(claims);
    if (!made || !model::may_sign_in(made->user)) co_return OidcTrouble::closed;
    co_return std::move(made->user);
}

}  // namespace banter::service
