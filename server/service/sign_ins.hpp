// Sign-ins: what somebody gets who has proven who they are, how it is kept alive, and how it ends.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/page.hpp"
#include "model/sign_in.hpp"
#include "model/user.hpp"
#include "service/caller.hpp"
#include "service/local_issuer.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>

namespace banter::service {

/// What is known of a client that signs in; kept for its user to tell sign-ins apart, with nothing
/// in it believed.
struct Device {
    std::string user_agent;
    std::string address;
};

/// What a client gets when it has signed in: a short-lived token, and the secret of its refresh
/// cookie.
struct Granted {
    model::User user;
    std::string token;
    Timestamp token_expires_at;
    /// Empty when the cookie stays as it is (a new token alone; a refresh within the grace of
    /// another, to a secret that can't be made again).
    std::string refresh_secret;
    Timestamp refresh_expires_at;
};

class SignIns {
public:
    SignIns(
        const LocalIssuer& issuer,
        storage::Storage& storage,
        const Clock& clock,
        Random& random,
        model::IdMaker& ids
    );

    /// Signs the user in. password_hash: the one that was verified, if a password was. Returns
    /// bad_credentials: the password was changed meanwhile, or the user is gone.
    [[nodiscard]] Task<Result<Granted>> begin(
        model::User user,
        Device device,
        std::optional<std::string> password_hash = std::nullopt
    );

    /// A new token of a sign-in that goes on as it is.
    [[nodiscard]] Granted renewed(model::User user, model::SignInId sign_in) const;

    /// Trades the refresh secret for a new token and the next secret, which is the same one again
    /// if the answer with it was lost (SignInStore::rotate). Returns unauthenticated.
    [[nodiscard]] Task<Result<Granted>> refresh(std::string refresh_secret);

    /// Ends the sign-in of this secret; an unknown one is no error.
    [[nodiscard]] Task<> log_out(std::string refresh_secret);

    /// The caller's own, newest first.
    [[nodiscard]] Task<Result<model::Page<model::SignIn>>> list(
        Caller caller,
        model::PageRequest page
    );

    /// Ends one of the caller's own. Returns not_found.
    [[nodiscard]] Task<std::optional<Error>> end(Caller caller, model::SignInId sign_in);

private:
    [[nodiscard]] Granted granted(
        model::User user,
        model::SignInId sign_in,
        std::string refresh_secret
    ) const;

    const LocalIssuer& issuer_;
    storage::Storage& storage_;
    const Clock& clock_;
    Random& random_;
    model::IdMaker& ids_;
    /// Makes the next refresh secret from the one presented: none has to be kept to be given again.
    MacKey refresh_key_;
};

}  // namespace banter::service
