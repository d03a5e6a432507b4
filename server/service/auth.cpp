#include "service/auth.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/local_issuer.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

#include <algorithm>
#include <cstring>

namespace banter::service {

namespace {

namespace limits = model::limits;

std::uint64_t identity_of(const Claims& claims) {
    Sha256 hash;
    hash.text(claims.issuer).text(claims.subject);
    // Absent and empty differ.
    for (const auto* part : {&claims.sign_in, &claims.workspace}) {
        hash.number(part->has_value() ? 1 : 0).text(part->value_or(""));
    }
    const Digest digest = hash.finish();
    std::uint64_t identity;
    std::memcpy(&identity, digest.data(), sizeof identity);
    return identity;
}

Error no_such_bearer() { return unauthenticated("the token's user does not exist"); }

Error of_another() { return unauthenticated("the token is of another user or sign-in"); }

/// Whatever the token is: nobody is let in as one who is gone.
Result<SignedIn> let_in(Caller caller, storage::KnownCaller known) {
    if (!model::may_sign_in(known.user)) return no_such_bearer();
    caller.user = known.user.id;
    caller.role = known.user.role;
    caller.newest_revocation = known.newest_revocation;
    return SignedIn{caller, std::move(known.user), std::move(known.workspace_name)};
}

/// The nearest handle to what an issuer calls a user: lower case, everything else left out.
std::string handle_from(const Claims& claims) {
    std::string handle;
    for (const char letter : claims.username.value_or(claims.name.value_or(""))) {
        const bool upper = letter >= 'A' && letter <= 'Z';
        const char lower = static_cast<char>(upper ? letter - 'A' + 'a' : letter);
        if (lower == ' ' && !handle.empty()) handle += '-';
        if (model::is_handle(std::string(2, lower))) handle += lower;
        if (handle.size() == limits::handle_bytes_max) break;
    }
    return model::is_handle(handle) ? handle : "user";
}

bool is_letter_or_digit(char character) {
    const char lower = static_cast<char>(character | 0x20);
    return (lower >= 'a' && lower <= 'z') || (character >= '0' && character <= '9');
}

/// An issuer may say nothing of its users but who they are to it.
std::string display_name_from(const Claims& claims) {
    for (const auto* name : {&claims.name, &claims.username}) {
        if (*name && model::is_name(**name)) return **name;
    }
    constexpr std::size_t shown = 4;
    const std::size_t size = claims.subject.size();
    const std::string end = claims.subject.substr(size - std::min(size, shown));
    return std::ranges::all_of(end, is_letter_or_digit) ? "User " + end : "User";
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
    if (token.starts_with(AccessTokens::prefix)) {
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
    const model::WorkspaceId workspace = installation_.workspace.id;
    auto found = co_await access_tokens_.find_caller(workspace, std::move(token));
    if (!found) co_return unauthenticated("the access token is revoked, expired or was never made");
    const Caller caller{
        .workspace = workspace,
        .sign_in = found->token.id,
        .by_access_token = true,
        .token_expires_at = found->token.expires_at.value_or(never),
        .token_identity = found->token.id.hash(),
    };
    co_return let_in(caller, std::move(found->caller));
}

Task<Result<SignedIn>> Auth::signed_in(Claims claims) {
    // Organizations of an issuer become workspaces of their own, and there is but one yet.
    if (claims.workspace) co_return unauthenticated("the token's workspace is not known here");
    Caller caller{
        .workspace = installation_.workspace.id,
        .token_expires_at = claims.expires_at,
        .token_identity = identity_of(claims),
    };
    const bool is_sign_in = claims.issuer == LocalIssuer::issuer_name &&
                            !claims.subject.starts_with(LocalIssuer::handle_prefix);
    Result<storage::KnownCaller> known = no_such_bearer();
    if (is_sign_in) {
        caller.sign_in = model::SignInId::parse(claims.sign_in.value_or(""));
        known = co_await user_signed_in(std::move(claims), caller.sign_in);
    } else {
        known = co_await user_of_identity(std::move(claims));
    }
    if (!known) co_return std::move(known).error();
    co_return let_in(caller, *std::move(known));
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
    const bool local = claims.issuer == LocalIssuer::issuer_name;
    std::string handle;
    std::string display_name;
    if (local) {
        handle = claims.subject.substr(LocalIssuer::handle_prefix.size());
        if (!model::is_handle(handle) || claims.sign_in) co_return no_such_bearer();
        display_name = handle;
    } else {
        handle = handle_from(claims);
        display_name = display_name_from(claims);
    }
    const storage::Identity identity{claims.issuer, claims.subject};
    auto known = co_await storage_.users.find_by_identity(installation_.workspace.id, identity);
    const bool begins_anew =
        known && known->user.deleted_at && claims.issued_at > *known->user.deleted_at;
    if (known && !begins_anew) co_return *std::move(known);

    storage::NewIdentity made{
        .identity = identity,
        .workspace = installation_.workspace.id,
        .id = ids_.make<model::UserId>(),
        .handle = handle,
        .display_name = std::move(display_name),
        .created_at = clock_.now(),
        .issued_at = claims.issued_at,
        .bind_local_handle = local,
    };
    co_return co_await storage_.users.provision(std::move(made));
}

}  // namespace banter::service
