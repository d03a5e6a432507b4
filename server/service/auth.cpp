#include "service/auth.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/local_issuer.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

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

Error no_such_user() { return unauthenticated("the token's user does not exist"); }

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

std::string display_name_from(const Claims& claims, const std::string& handle) {
    for (const auto* name : {&claims.name, &claims.username}) {
        if (*name && model::is_name(**name)) return **name;
    }
    return handle;
}

}  // namespace

Auth::Auth(
    const Issuers& issuers,
    storage::Storage& storage,
    const storage::Installation& installation,
    const Clock& clock,
    model::IdMaker& ids
)
    : issuers_(issuers), storage_(storage), installation_(installation), clock_(clock), ids_(ids) {}

Task<Result<SignedIn>> Auth::sign_in(std::string token) {
    auto claims = issuers_.verify(token, clock_.now());
    if (!claims) co_return std::move(claims).error();
    co_return co_await signed_in(*std::move(claims));
}

Task<Result<Caller>> Auth::refresh(Caller caller, std::string token) {
    auto claims = issuers_.verify(token, clock_.now());
    if (!claims) co_return std::move(claims).error();
    if (identity_of(*claims) != caller.token_identity) {
        co_return unauthenticated("the token is of another user or sign-in");
    }
    auto renewed = co_await signed_in(*std::move(claims));
    if (!renewed) co_return std::move(renewed).error();
    if (renewed->caller.user != caller.user) co_return no_such_user();
    co_return renewed->caller;
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
    Result<model::User> user = no_such_user();
    if (is_sign_in) {
        caller.sign_in = model::SignInId::parse(claims.sign_in.value_or(""));
        user = co_await user_signed_in(std::move(claims), caller.sign_in);
    } else {
        user = co_await user_of_identity(std::move(claims));
    }
    if (!user) co_return std::move(user).error();
    if (user->deleted_at) co_return no_such_user();
    caller.user = user->id;
    caller.role = user->role;
    co_return SignedIn{caller, *std::move(user)};
}

Task<Result<model::User>> Auth::user_signed_in(
    Claims claims,
    std::optional<model::SignInId> sign_in
) {
    const auto id = model::UserId::parse(claims.subject);
    // Without its sign-in a token could not be ended before it expires.
    if (!id || !sign_in) co_return no_such_user();
    auto known =
        co_await storage_.users.find_caller(installation_.workspace.id, *id, sign_in, clock_.now());
    if (!known) co_return no_such_user();
    if (!known->signed_in) co_return unauthenticated("the sign-in is over");
    co_return std::move(known->user);
}

Task<Result<model::User>> Auth::user_of_identity(Claims claims) {
    const bool local = claims.issuer == LocalIssuer::issuer_name;
    std::string handle;
    if (local) {
        handle = claims.subject.substr(LocalIssuer::handle_prefix.size());
        if (!model::is_handle(handle) || claims.sign_in) co_return no_such_user();
    } else {
        handle = handle_from(claims);
    }
    const storage::Identity identity{claims.issuer, claims.subject};
    auto known = co_await storage_.users.find_by_identity(installation_.workspace.id, identity);
    if (known) co_return *std::move(known);

    storage::NewIdentity made{
        .identity = identity,
        .workspace = installation_.workspace.id,
        .id = ids_.make<model::UserId>(),
        .handle = handle,
        .display_name = display_name_from(claims, handle),
        .created_at = clock_.now(),
        .bind_local_handle = local,
    };
    co_return co_await storage_.users.provision(std::move(made));
}

}  // namespace banter::service
