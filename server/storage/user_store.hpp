// People: who they are, how they prove it, and where they are signed in.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/id.hpp"
#include "model/user.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banter::storage {

struct NewAccount {
    model::UserId id;
    model::WorkspaceId workspace;
    std::string handle;
    std::string display_name;
    /// Argon2id in PHC text form.
    std::string password_hash;
    Timestamp created_at;
};

struct Credentials {
    model::UserId user;
    model::WorkspaceId workspace;
    std::string password_hash;
};

/// What a verified token says of a user whom this installation may not know yet.
struct Identity {
    std::string issuer;
    std::string subject;
};

struct NewIdentity {
    Identity identity;
    model::WorkspaceId workspace;
    /// For the user who is made if the identity is unknown; a taken handle gets "-2", "-3" …
    model::UserId id;
    std::string handle;
    std::string display_name;
    Timestamp created_at;
    /// Bind the identity to the local account of exactly this handle if there is one (`banter
    /// token`).
    bool bind_local_handle = false;
};

/// Names the state that a token's user is in when it is checked.
struct KnownCaller {
    model::User user;
    /// False if the token names a sign-in that is over.
    bool signed_in = false;
};

class UserStore {
public:
    virtual ~UserStore() = default;

    /// Makes a local user with a password. The first user of a workspace becomes its owner.
    /// Returns conflict: the handle is taken.
    [[nodiscard]] virtual Task<Result<model::User>> register_account(NewAccount account) = 0;

    [[nodiscard]] virtual Task<std::optional<Credentials>> find_credentials(std::string handle) = 0;

    /// The user and whether `sign_in` is alive (no sign_in given: true), in one read.
    [[nodiscard]] virtual Task<std::optional<KnownCaller>> find_caller(
        model::WorkspaceId workspace,
        model::UserId user,
        std::optional<model::SignInId> sign_in,
        Timestamp now
    ) = 0;

    [[nodiscard]] virtual Task<std::optional<model::User>> find_by_identity(
        model::WorkspaceId workspace,
        Identity identity
    ) = 0;

    /// Finds or makes the user of an identity; two at once make one. Never binds to a user of
    /// another issuer.
    [[nodiscard]] virtual Task<model::User> provision(NewIdentity identity) = 0;

    /// The users among `ids` that exist in the workspace, in no order.
    [[nodiscard]] virtual Task<std::vector<model::User>> find_all(
        model::WorkspaceId workspace,
        std::vector<model::UserId> ids
    ) = 0;

    [[nodiscard]] virtual Task<std::optional<model::Workspace>> find_workspace(
        model::WorkspaceId workspace
    ) = 0;

    /// False until the first user of the workspace has registered.
    [[nodiscard]] virtual Task<bool> has_owner(model::WorkspaceId workspace) = 0;
};

/// SHA-256 of a refresh secret: the secret itself is never stored.
using SecretHash = std::array<std::uint8_t, 32>;

struct NewSignIn {
    model::SignInId id;
    model::UserId user;
    SecretHash secret;
    Timestamp created_at;
    Timestamp expires_at;
};

struct SignIn {
    model::SignInId id;
    model::UserId user;
    model::WorkspaceId workspace;
};

struct Rotation {
    SecretHash presented;
    SecretHash replacement;
    Timestamp now;
    Timestamp expires_at;
};

struct Rotated {
    SignIn sign_in;
    /// False within the grace of a rotation that already took place: the caller keeps the newer
    /// secret.
    bool replaced = false;
};

class SignInStore {
public:
    virtual ~SignInStore() = default;

    virtual Task<> create(NewSignIn sign_in) = 0;

    /// Replaces the secret of the sign-in that holds `presented`. The secret before it counts for
    /// limits::refresh_grace after the rotation and changes nothing; presented later, or one
    /// from before it, it is a stolen one and ends the sign-in. Returns unauthenticated: unknown,
    /// expired, ended, or just ended by this.
    [[nodiscard]] virtual Task<Result<Rotated>> rotate(Rotation rotation) = 0;

    /// Ending one that is over or unknown succeeds.
    virtual Task<> end(model::SignInId id, Timestamp now) = 0;
    /// Ends the sign-in that holds this secret, now or before its last rotation; returns which it
    /// was.
    [[nodiscard]] virtual Task<std::optional<SignIn>> end_by_secret(
        SecretHash secret,
        Timestamp now
    ) = 0;
};

}  // namespace banter::storage
