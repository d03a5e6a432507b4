// Local accounts: log in, change the password, delete the account.
#pragma once

#include "base/clock.hpp"
#include "base/offload.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/user.hpp"
#include "service/sign_ins.hpp"
#include "storage/storage.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace banter::service {

struct Login {
    std::string handle;
    std::string password;
    /// Attempts from its address are limited beside the handle's.
    Device device;
};

struct PasswordChange {
    std::string old_password;
    std::string new_password;
};

struct DeleteAccount {
    bool erase = false;
    std::optional<std::string> password;
};

class Accounts {
public:
    Accounts(SignIns& sign_ins, storage::Storage& storage, Offload& offload, const Clock& clock);

    /// Returns bad_credentials, after the same work for a handle that doesn't exist; rate_limited:
    /// at most 10 attempts a minute from an address, and 100 for a handle.
    [[nodiscard]] Task<Result<Granted>> log_in(Login login);

    /// Ends all other sign-ins of the caller; this one goes on with a new token. A caller without
    /// one (a token made offline) is signed in. Returns bad_request (new), forbidden (a personal
    /// access token), bad_credentials (the old password is wrong, or there is none), rate_limited:
    /// counted with the attempts to log in.
    [[nodiscard]] Task<Result<Granted>> change_password(
        Caller caller,
        PasswordChange change,
        Device device
    );

    /// Deletes the caller's account. One with a password has to be given it. With `erase` the
    /// messages become tombstones, in a while. Returns forbidden (a personal access token),
    /// conflict (the last owner), bad_request (the password is missing), bad_credentials (it is
    /// wrong), rate_limited: counted with the attempts to log in.
    [[nodiscard]] Task<std::optional<Error>> delete_account(
        Caller caller,
        DeleteAccount request,
        Device device
    );

private:
    /// The hash that the caller's password was verified against; nothing for an account without
    /// one.
    [[nodiscard]] Task<Result<std::optional<std::string>>> prove_owner(
        Caller caller,
        std::optional<std::string> password,
        Device device
    );
    /// Whose handle and password these are. Returns bad_credentials, rate_limited.
    [[nodiscard]] Task<Result<storage::Credentials>> prove(Login login);
    /// Counts an attempt to log in; how long to wait if it is one too many.
    [[nodiscard]] Task<std::optional<std::chrono::milliseconds>> attempt(Login login);

    SignIns& sign_ins_;
    storage::Storage& storage_;
    Offload& offload_;
    const Clock& clock_;
};

}  // namespace banter::service
