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

    /// Whoever the claims are of, as far as they have been in the workspace that the claims act in.
    /// A deleted user is found by what was issued before the deletion; what is issued later is
    /// another's.
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> find(const Claims& claims);

    /// Makes the user of an identity that `find` did not find, with the nearest handle and name to
    /// what the claims say; two at once make one. Of one that it found, it takes what the claims
    /// say of a member. Nothing: nobody is made of it any more (UserStore::provision).
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> make(const Claims& claims);

    /// The same of a token of this installation: the local user of this handle, if there is one.
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> make_local(
        const Claims& claims,
        std::string handle
    );

    /// Whether the claims say of a member whom `find` found what has to be taken by `make`: another
    /// role, or that they are back.
    [[nodiscard]] static bool says_more(const Claims& claims, const storage::KnownCaller& known);

    /// The workspace that the claims act in.
    [[nodiscard]] model::WorkspaceId workspace_for(const Claims& claims) const;

private:
    [[nodiscard]] storage::NewIdentity identity_of(const Claims& claims);

    storage::Storage& storage_;
    const storage::Installation& installation_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
