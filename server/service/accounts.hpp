// Local accounts: register, log in, refresh, log out.
#pragma once

#include "base/clock.hpp"
#include "base/offload.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/user.hpp"
#include "service/local_issuer.hpp"
#include "storage/storage.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace banter::service {

struct Registration {
    std::string handle;
    std::string display_name;
    std::string password;
};

struct Login {
    std::string handle;
    std::string password;
    /// The client's address, whose attempts are limited beside the handle's.
    std::string address;
};

/// What a client gets when it has signed in: a short-lived token, and the secret of its refresh
/// cookie.
struct Granted {
    model::User user;
    std::string token;
    Timestamp token_expires_at;
    /// Empty when the cookie stays as it is (a refresh within the grace of another).
    std::string refresh_secret;
    Timestamp refresh_expires_at;
};

enum class SignUp : std::uint8_t { open, invite, closed };

struct AccountRules {
    SignUp sign_up = SignUp::open;
    /// Until the installation has an owner, only a server that listens on loopback alone lets
    /// people register.
    bool loopback_only = true;
};

class Accounts {
public:
    Accounts(
        AccountRules rules,
        const LocalIssuer& issuer,
        storage::Storage& storage,
        const storage::Installation& installation,
        Offload& offload,
        const Clock& clock,
        Random& random,
        model::IdMaker& ids
    );

    /// Returns bad_request (handle, displayName, password), conflict (the handle is taken),
    /// forbidden (not open), setup_needed, rate_limited.
    [[nodiscard]] Task<Result<Granted>> register_account(
        Registration registration,
        std::string address
    );

    /// Returns bad_credentials, after the same work for a handle that doesn't exist; rate_limited:
    /// at most 10 attempts a minute for a handle and for an address.
    [[nodiscard]] Task<Result<Granted>> log_in(Login login);

    /// Trades the refresh secret for a new token and a new secret. Returns unauthenticated.
    [[nodiscard]] Task<Result<Granted>> refresh(std::string refresh_secret);

    /// Whether nobody can register before the installation has its owner.
    [[nodiscard]] Task<bool> needs_setup();

    /// Ends the sign-in of this secret; an unknown one is no error.
    [[nodiscard]] Task<> log_out(std::string refresh_secret);

private:
    /// Why registration is not open, or nothing.
    [[nodiscard]] Task<std::optional<Error>> closed();
    /// Counts an attempt to log in; how long to wait if it is one too many.
    [[nodiscard]] Task<std::optional<std::chrono::milliseconds>> attempt(Login login);
    /// Makes a sign-in.
    [[nodiscard]] Task<Result<Granted>> grant(model::User user);
    [[nodiscard]] Granted granted(
        model::User user,
        model::SignInId sign_in,
        std::string refresh_secret
    ) const;

    AccountRules rules_;
    const LocalIssuer& issuer_;
    storage::Storage& storage_;
    const storage::Installation& installation_;
    Offload& offload_;
    const Clock& clock_;
    Random& random_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
