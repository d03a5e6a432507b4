// People: who they are, how they prove it, and where they are signed in.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/id.hpp"
#include "model/page.hpp"
#include "model/registration.hpp"
#include "model/sign_in.hpp"
#include "model/user.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace banter::storage {

/// SHA-256 of a secret of ours (a refresh secret, a token, a code): the secret itself is never
/// stored.
using SecretHash = std::array<std::uint8_t, 32>;

struct SetUpChoices {
    std::string workspace_name;
    model::SignUp sign_up = model::SignUp::open;
};

struct NewAccount {
    model::UserId id;
    model::WorkspaceId workspace;
    std::string handle;
    std::string display_name;
    /// Argon2id in PHC text form.
    std::string password_hash;
    /// Of the code of an invitation, which is used up with this.
    std::optional<SecretHash> invite;
    /// What the owner makes of the workspace.
    std::optional<SetUpChoices> set_up;
    Timestamp created_at;
};

/// A pure function: why not, or nothing. It runs on the writer's own thread of execution, so it
/// must hold values only.
using RegistrationRule = std::function<std::optional<Error>(const model::RegistrationState&)>;

struct Credentials {
    model::UserId user;
    model::WorkspaceId workspace;
    std::string password_hash;
};

struct PasswordChange {
    model::UserId user;
    std::string old_hash;
    std::string new_hash;
    /// Of the user's sign-ins the one that goes on.
    std::optional<model::SignInId> keep;
    Timestamp now;
};

/// What a verified token says of a user whom this installation may not know yet.
struct Identity {
    std::string issuer;
    std::string subject;
    /// The session at the issuer whose token it is, if the issuer tells of the ends of those.
    std::optional<model::SignInId> sign_in{};
};

/// Whoever asks for something that the role allows, with that role. If it is another when the
/// transaction begins, or the user can't sign in any more, the answer is forbidden.
struct ActingUser {
    model::UserId user;
    model::WorkspaceRole role = model::WorkspaceRole::member;
};

/// What an issuer says of a member of one of its organizations, which is a workspace here.
struct OrganizationMember {
    /// As the issuer calls it.
    std::string organization;
    /// What the workspace is called until the issuer says more.
    std::string name;
    model::WorkspaceRole role = model::WorkspaceRole::member;
};

struct NewIdentity {
    Identity identity;
    model::WorkspaceId workspace;
    /// For the user who is made if the identity is unknown; a taken handle gets "-2", "-3" …
    model::UserId id;
    std::string handle;
    std::string display_name;
    Timestamp created_at;
    /// Of the token.
    Timestamp issued_at;
    /// Bind the identity to the local account of exactly this handle if there is one (`banter
    /// token`).
    bool bind_local_handle = false;
    std::optional<std::string> avatar_url{};
    /// As the token says. Nothing: the workspace is no organization's.
    std::optional<OrganizationMember> member{};
};

/// How new what is known of a member of an organization is, by the issuer's clock.
struct MemberTimes {
    /// Its newest word on the role.
    Timestamp role_at;
    /// What was issued until then counts no more.
    std::optional<Timestamp> left_at;

    /// Nothing newer was said than that the member left.
    [[nodiscard]] bool is_out() const { return left_at && *left_at >= role_at; }
};

/// Names the state that a token's user is in when it is checked.
struct KnownCaller {
    model::User user;
    /// As the workspace is called.
    std::string workspace_name;
    /// False if the token names a sign-in that is over, or the workspace is.
    bool signed_in = false;
    /// The number of the newest revocation that this takes account of.
    std::uint64_t newest_revocation = 0;
    /// Of an identity in an organization's workspace.
    std::optional<MemberTimes> member{};
};

class UserStore {
public:
    virtual ~UserStore() = default;

    /// Makes a local user with a password, with what the invitation gives. The first user of a
    /// workspace becomes its owner. Returns what the rule says, or conflict: the handle is taken.
    [[nodiscard]] virtual Task<Result<model::User>> register_account(
        NewAccount account,
        RegistrationRule rule
    ) = 0;

    [[nodiscard]] virtual Task<std::optional<Credentials>> find_credentials(std::string handle) = 0;

    /// Replaces the password and ends all sign-ins but one. False: the password is another by now.
    [[nodiscard]] virtual Task<bool> change_password(PasswordChange change) = 0;

    /// The user and whether `sign_in` is alive (no sign_in given: true), in one read.
    [[nodiscard]] virtual Task<std::optional<KnownCaller>> find_caller(
        model::WorkspaceId workspace,
        model::UserId user,
        std::optional<model::SignInId> sign_in,
        Timestamp now
    ) = 0;

    /// The user, and whether the session of the identity is alive (none given: true), in one read.
    [[nodiscard]] virtual Task<std::optional<KnownCaller>> find_by_identity(
        model::WorkspaceId workspace,
        Identity identity
    ) = 0;

    /// Finds or makes the user of an identity; two at once make one. Never binds to a user of
    /// another issuer. A deleted user is found by what was issued before the deletion; what is
    /// issued later makes another one, called as the issuer has said, if it has. The workspace of
    /// an organization is made with its first user; of what is said of a member the newest counts,
    /// and another role closes what the user has open. Nothing: the issuer has said that the
    /// identity is gone or barred, that the session is over, that the organization is, or that the
    /// user left it, so that nobody is made of it.
    [[nodiscard]] virtual Task<std::optional<KnownCaller>> provision(NewIdentity identity) = 0;

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

struct NewSignIn {
    model::SignInId id;
    model::UserId user;
    SecretHash secret;
    /// The one that was verified, if a password was.
    std::optional<std::string> password_hash;
    std::string user_agent;
    std::string address;
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
    /// Whether the replacement is the sign-in's secret now. False: another one is, which its holder
    /// keeps.
    bool replaced = false;
};

/// Whatever ends here is revoked in the same transaction, so that what was opened with it is
/// closed.
class SignInStore {
public:
    virtual ~SignInStore() = default;

    /// False: the user's password is another by now, or the user can't sign in any more. Of more
    /// than limits::sign_ins_max the oldest end.
    [[nodiscard]] virtual Task<bool> create(NewSignIn sign_in) = 0;

    /// Those of the user that have not expired, newest first.
    [[nodiscard]] virtual Task<model::Page<model::SignIn>> list(
        model::UserId user,
        Timestamp now,
        model::PageRequest page
    ) = 0;

    /// The sign-in that this secret is or was of.
    [[nodiscard]] virtual Task<std::optional<SignIn>> find_by_secret(SecretHash secret) = 0;

    /// Replaces the secret of the sign-in that holds `presented`. A secret before it counts for
    /// limits::refresh_grace after its own rotation, and changes nothing. Presented later, it is
    /// theft and ends the sign-in. Returns unauthenticated: unknown, expired, ended, or just ended
    /// by this.
    [[nodiscard]] virtual Task<Result<Rotated>> rotate(Rotation rotation) = 0;

    /// Ends a sign-in of the user. False: there is no such one.
    [[nodiscard]] virtual Task<bool> end(model::UserId user, model::SignInId id, Timestamp now) = 0;
    /// Ends the sign-in that holds this secret, now or before its last rotation; returns which it
    /// was.
    [[nodiscard]] virtual Task<std::optional<SignIn>> end_by_secret(
        SecretHash secret,
        Timestamp now
    ) = 0;
};

}  // namespace banter::storage
