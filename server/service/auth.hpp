// Token -> Caller: the one way in, whoever issued the token and on whichever transport it came.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "service/access_tokens.hpp"
#include "service/caller.hpp"
#include "service/tokens.hpp"
#include "storage/storage.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace banter::service {

class Auth {
public:
    Auth(
        const Issuers& issuers,
        AccessTokens& access_tokens,
        storage::Storage& storage,
        const storage::Installation& installation,
        const Clock& clock,
        model::IdMaker& ids
    );

    /// Verifies the token, finds its user in the workspace that it acts in (or makes one for an
    /// identity seen there for the first time) and checks that its sign-in is alive; or finds the
    /// personal access token. Returns unauthenticated.
    [[nodiscard]] Task<Result<SignedIn>> sign_in(std::string token);

    /// For a socket that is open already: the new token must be of the same issuer, subject,
    /// sign-in, workspace and actor. Returns the caller with the new expiry, or unauthenticated.
    [[nodiscard]] Task<Result<Caller>> refresh(Caller caller, std::string token);

private:
    /// Looks for the token's key where its issuer publishes them, if it is not known.
    [[nodiscard]] Task<Result<Claims>> verify(std::string token);
    [[nodiscard]] Task<Result<SignedIn>> by_access_token(std::string token);
    [[nodiscard]] Task<Result<SignedIn>> signed_in(Claims claims);
    /// Of a token that this installation gave to somebody who signed in.
    [[nodiscard]] Task<Result<storage::KnownCaller>> user_signed_in(
        Claims claims,
        std::optional<model::SignInId> sign_in
    );
    /// Of any other token: made at its first use.
    [[nodiscard]] Task<Result<storage::KnownCaller>> user_of_identity(Claims claims);
    /// Once for each sign-in, as far as they can be remembered.
    void record_impersonation(const Claims& claims, const SignedIn& signed_in);

    const Issuers& issuers_;
    AccessTokens& access_tokens_;
    storage::Storage& storage_;
    const storage::Installation& installation_;
    const Clock& clock_;
    model::IdMaker& ids_;
    /// By Caller::token_identity: those that were written to the log.
    boost::unordered_flat_set<std::uint64_t> recorded_;
};

}  // namespace banter::service
