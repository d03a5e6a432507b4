#include "service/auth.hpp"

#include "base/log.hpp"
#include "model/text.hpp"
#include "service/identities.hpp"
#include "service/local_issuer.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

#include <cstring>

namespace banter::service {

namespace {

/// Sign-ins in another's name that are remembered, to be written to the log once.
constexpr std::size_t recorded_max = 1'000;

std::uint64_t identity_of(const Claims& claims) {
    Sha256 hash;
    hash.text(claims.issuer).text(claims.subject);
    // Absent and empty differ.
    for (const auto* part : {&claims.sign_in, &claims.workspace, &claims.actor}) {
        hash.number(part->has_value() ? 1 : 0).text(part->value_or(""));
    }
    const Digest digest = hash.finish();
    std::uint64_t identity;
    std::memcpy(&identity, digest.data(), sizeof identity);
    return identity;
}

Error no_such_bearer() { return unauthenticated("the token's user does not exist"); }

Error has_left() { return unauthenticated("the user has left the organization"); }

Error session_is_over() { return unauthenticated("the session or the organization is over"); }

Error of_another() { return unauthenticated("the token is of another user or sign-in"); }

/// Whatever the token is: nobody is let in as one who is gone.
Result<SignedIn> let_in(Caller caller, storage::KnownCaller known) {
    if (!model::may_sign_in(known.user)) return no_such_bearer();
    caller.user = known.user.id;
    caller.role = known.user.role;
    caller.newest_revocation = known.newest_revocation;
    return SignedIn{caller, std::move(known.user), std::move(known.workspace_name)};
}

}  // namespace

Auth::Auth(
    const Issuers& issuers,
    AccessTokens& access_tokens,
    storage::Storage& storage,
    const storage::Installation& installation,
    const Clock& clock,
    model::IdMaker& ids
)
    : issuers_(issuers),
      access_tokens_(access_tokens),
      storage_(storage),
      installation_(installation),
      clock_(clock),
      ids_(ids) {}

Task<Result<SignedIn>> Auth::sign_in(std::string token) {
    if (AccessTokens::is_one(token)) {
        co_return co_await by_access_token(std::move(token));
    }
    auto claims = co_await verify(std::move(token));
    if (!claims) co_return std::move(claims).error();
    co_return co_await signed_in(*std::move(claims));
}

Task<Result<Claims>> Auth::verify(std::string token) {
    auto claims = issuers_.verify(token, clock_.now());
    if (claims) co_return claims;
    auto looking = issuers_.look_for_key_of(token);
    if (!looking) co_return claims;
    co_await *std::move(looking);
    co_return issuers_.verify(token, clock_.now());
}

Task<Result<Caller>> Auth::refresh(Caller caller, std::string token) {
    Result<SignedIn> renewed = no_such_bearer();
    if (caller.by_access_token) {
        renewed = co_await by_access_token(std::move(token));
    } else {
        auto claims = co_await verify(std::move(token));
        if (!claims) co_return std::move(claims).error();
        if (identity_of(*claims) != caller.token_identity) co_return of_another();
        renewed = co_await signed_in(*std::move(claims));
    }
    if (!renewed) co_return std::move(renewed).error();
    if (renewed->caller.sign_in != caller.sign_in) co_return of_another();
    if (renewed->caller.user != caller.user) co_return no_such_bearer();
    co_return renewed->caller;
}

Task<Result<SignedIn>> Auth::by_access_token(std::string token) {
    auto found = co_await access_tokens_.find_caller(std::move(token));
    if (!found) co_return unauthenticated("the access token is revoked, expired or was never made");
    if (!found->caller.signed_in) co_return no_such_bearer();
    const model::WorkspaceId workspace = found->caller.user.workspace;
    const Caller caller{
        .workspace = workspace,
        .sign_in = found->token.id,
        .by_access_token = true,
        .scopes = found->token.scopes,
        .in_organization = workspace != installation_.workspace.id,
        .token_expires_at = found->token.expires_at.value_or(never),
        .token_identity = found->token.id.hash(),
    };
    co_return let_in(caller, std::move(found->caller));
}

Task<Result<SignedIn>> Auth::signed_in(Claims claims) {
    const bool is_local = claims.issuer == LocalIssuer::issuer_name;
    if (is_local && claims.workspace) co_return unauthenticated("there are no organizations here");
    const Identities identities(storage_, installation_, clock_, ids_);
    Caller caller{
        .workspace = identities.workspace_for(claims),
        .in_organization = claims.workspace.has_value(),
        .impersonated = claims.actor.has_value(),
        .token_expires_at = claims.expires_at,
        .token_identity = identity_of(claims),
    };
    const bool is_sign_in = is_local && !claims.subject.starts_with(LocalIssuer::handle_prefix);
    Result<storage::KnownCaller> known = no_such_bearer();
    if (is_sign_in) {
        caller.sign_in = model::SignInId::parse(claims.sign_in.value_or(""));
        known = co_await user_signed_in(claims, caller.sign_in);
    } else {
        if (claims.sign_in) caller.sign_in = session_of(claims.issuer, *claims.sign_in);
        known = co_await user_of_identity(claims);
    }
    if (!known) co_return std::move(known).error();
    auto signed_in = let_in(caller, *std::move(known));
    if (signed_in && caller.impersonated) record_impersonation(claims, *signed_in);
    co_return signed_in;
}

Task<Result<storage::KnownCaller>> Auth::user_signed_in(
    Claims claims,
    std::optional<model::SignInId> sign_in
) {
    const auto id = model::UserId::parse(claims.subject);
    // Without its sign-in a token could not be ended before it expires.
    if (!id || !sign_in) co_return no_such_bearer();
    auto known =
        co_await storage_.users.find_caller(installation_.workspace.id, *id, sign_in, clock_.now());
    if (!known) co_return no_such_bearer();
    if (!known->signed_in) co_return unauthenticated("the sign-in is over");
    co_return *std::move(known);
}

Task<Result<storage::KnownCaller>> Auth::user_of_identity(Claims claims) {
    Identities identities(storage_, installation_, clock_, ids_);
    const bool local = claims.issuer == LocalIssuer::issuer_name;
    std::string handle = local ? claims.subject.substr(LocalIssuer::handle_prefix.size()) : "";
    if (local && (!model::is_handle(handle) || claims.sign_in)) co_return no_such_bearer();
    auto known = co_await identities.find(claims);
    if (!known && local) known = co_await identities.make_local(claims, std::move(handle));
    if (!known && !local) known = co_await identities.make(claims);
    issuers_.note_user(claims);
    if (!known) co_return no_such_bearer();
    if (!known->signed_in) co_return session_is_over();
    const auto left_at = known->member ? known->member->left_at : std::nullopt;
    if (left_at && claims.issued_at <= *left_at) co_return has_left();
    if (!Identities::says_more(claims, *known)) co_return *std::move(known);
    known = co_await identities.make(claims);
    if (!known) co_return has_left();
    // It may have ended since it was found.
    if (!known->signed_in) co_return session_is_over();
    co_return *std::move(known);
}

void Auth::record_impersonation(const Claims& claims, const SignedIn& signed_in) {
    if (recorded_.size() >= recorded_max) recorded_.clear();
    if (!recorded_.insert(signed_in.caller.token_identity).second) return;
    const std::string user = signed_in.user.id.text();
    log::info("somebody acts in another's name", {{"actor", *claims.actor}, {"user", user}});
}

}  // namespace banter::service
