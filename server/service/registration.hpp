// How people become users: by registering, invited or not, and the first of them by setting up the
// server.
#pragma once

#include "base/clock.hpp"
#include "base/offload.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/user.hpp"
#include "service/account_permissions.hpp"
#include "service/sign_ins.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>

namespace banter::service {

struct RegisterAccount {
    std::string handle;
    std::string display_name;
    std::string password;
    /// The code of an invitation.
    std::optional<std::string> invite;
};

struct SetUpServer {
    std::string code;
    RegisterAccount owner;
    /// The workspace's.
    std::string name;
    model::SignUp sign_up = model::SignUp::invite;
};

struct RegistrationRules {
    /// What the operator says of who may register, whatever the owner chose.
    std::optional<model::SignUp> sign_up;
    /// Only this machine can reach the server. Until there is an owner, no other lets people
    /// register.
    bool loopback_only = true;
    /// Of the set-up. Empty: none was made, and only a server that is loopback_only can be set up.
    std::string setup_code;
};

/// How people may come in, as everybody is told.
struct WayIn {
    std::string workspace_name;
    model::SignUp sign_up = model::SignUp::open;
    /// The server waits for its owner.
    bool setup = false;
};

class Registration {
public:
    Registration(
        RegistrationRules rules,
        SignIns& sign_ins,
        storage::Storage& storage,
        const storage::Installation& installation,
        Offload& offload,
        const Clock& clock,
        model::IdMaker& ids
    );

    /// Returns bad_request (handle, displayName, password), conflict (the handle is taken),
    /// forbidden (not open, or the invitation doesn't count), setup_needed, rate_limited: at most
    /// 20 a minute from an address.
    [[nodiscard]] Task<Result<Granted>> register_account(RegisterAccount account, Device device);

    /// Makes the owner and names the workspace. Returns bad_request (name and those of an account),
    /// forbidden (the code is wrong), conflict (there is an owner), rate_limited: at most 10 a
    /// minute.
    [[nodiscard]] Task<Result<Granted>> set_up(SetUpServer request, Device device);

    [[nodiscard]] Task<WayIn> way_in();

private:
    [[nodiscard]] permissions::RegistrationPolicy policy() const;
    /// Why nobody can register without an invitation, or nothing.
    [[nodiscard]] Task<std::optional<Error>> closed(permissions::RegistrationPolicy policy);
    [[nodiscard]] bool is_setup_code(const std::string& code) const;
    [[nodiscard]] Task<std::optional<Error>> attempt_set_up(Device device);
    [[nodiscard]] Task<Result<Granted>> make(
        RegisterAccount account,
        std::optional<storage::SetUpChoices> set_up,
        permissions::RegistrationPolicy policy,
        Device device
    );

    RegistrationRules rules_;
    SignIns& sign_ins_;
    storage::Storage& storage_;
    const storage::Installation& installation_;
    Offload& offload_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
