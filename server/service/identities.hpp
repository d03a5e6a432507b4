// Users by what an issuer calls them: issuer and subject, never an e-mail address, never a handle.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "model/id.hpp"
#include "service/tokens.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

/// What a session of an issuer elsewhere is called here: the first half of a hash.
[[nodiscard]] model::SignInId session_of(std::string_view issuer, std::string_view session);

/// The nearest handle to what an issuer calls a user: lower case, everything else left out. Nothing
/// if too little is left.
[[nodiscard]] std::optional<std::string> nearest_handle(std::string_view name);

/// For a user of whom the claims say nothing better: "user".
[[nodiscard]] std::string handle_from(const Claims& claims);
/// An issuer may say nothing of its users but who they are to it.
[[nodiscard]] std::string display_name_from(const Claims& claims);

class Identities {
public:
    Identities(
        storage::Storage& storage,
        const storage::Installation& installation,
        const Clock& clock,
        model::IdMaker& ids
    );

    /// Whoever the claims are of, as far as they have been here. A deleted user is found by what
    /// was issued before the deletion; what is issued later is another's.
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> find(const Claims& claims);

    /// Makes the user of an identity that `find` did not find, with the nearest handle and name to
    /// what the claims say; two at once make one. Nothing: nobody is made of it any more
    /// (UserStore::provision).
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> make(const Claims& claims);

    /// The same of a token of this installation: the local user of this handle, if there is one.
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> make_local(
        const Claims& claims,
        std::string handle
    );

private:
    [[nodiscard]] storage::NewIdentity identity_of(const Claims& claims);

    storage::Storage& storage_;
    const storage::Installation& installation_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
