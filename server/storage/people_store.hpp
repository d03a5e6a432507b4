// People as others see them, and what is changed about them.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/page.hpp"
#include "model/user.hpp"
#include "model/user_change.hpp"
#include "storage/user_store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace banter::storage {

struct UserSearch {
    model::WorkspaceId workspace;
    model::UserId viewer;
    /// The beginning of a handle, of a display name, or of a word in one, in any case; empty: all.
    std::string query;
    bool shows_deactivated = false;
    /// Only the viewer and who is in a thread with the viewer.
    bool only_acquainted = false;
};

struct NewBot {
    model::UserId id;
    model::WorkspaceId workspace;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    std::string handle;
    std::string display_name;
    std::optional<std::string> avatar_url;
    Timestamp created_at;
    ActingUser by;
};

struct ProfileChange {
    model::WorkspaceId workspace;
    model::UserId user;
    model::ProfileChange change;
};

struct UserChange {
    model::WorkspaceId workspace;
    model::UserId user;
    model::UserChange change;
    Timestamp now;
    std::optional<ActingUser> by;
};

struct AccountDeletion {
    model::WorkspaceId workspace;
    model::UserId user;
    /// Their messages become tombstones, too.
    bool erase = false;
    /// The one that was verified, if a password was.
    std::optional<std::string> password_hash;
    Timestamp now;
};

/// A pure function: why not, or nothing. It runs on the writer's own thread of execution, so it
/// must hold values only.
using UserRule = std::function<std::optional<Error>(const model::UserState&)>;

class PeopleStore {
public:
    virtual ~PeopleStore() = default;

    /// By what matches, without those deleted. A page may be short, or empty, and have a next one:
    /// so much is looked at for one page.
    [[nodiscard]] virtual Task<model::Page<model::User>> search(
        UserSearch search,
        model::PageRequest page
    ) = 0;

    /// Those among `ids` of the workspace who are in a thread with the viewer, and the viewer; in
    /// no order. Threads of replies make nobody acquainted.
    [[nodiscard]] virtual Task<std::vector<model::User>> find_acquainted(
        model::WorkspaceId workspace,
        model::UserId viewer,
        std::vector<model::UserId> ids
    ) = 0;

    /// A user whom nobody signs in as but by access tokens. Returns conflict: the handle is taken.
    [[nodiscard]] virtual Task<Result<model::User>> make_bot(NewBot bot) = 0;

    /// Newest first, the deactivated too, without those deleted.
    [[nodiscard]] virtual Task<model::Page<model::User>> bots(
        model::WorkspaceId workspace,
        model::PageRequest page
    ) = 0;

    /// Returns conflict: the handle is taken; not_found. What changes nothing tells nobody.
    [[nodiscard]] virtual Task<Result<model::User>> change_profile(ProfileChange change) = 0;

    /// Another role closes what the user has open; deactivation ends all sign-ins and access
    /// tokens, too. Invitations end, but those of whoever becomes an owner. Returns not_found, or
    /// what the rule says. What changes nothing tells nobody.
    [[nodiscard]] virtual Task<Result<model::User>> change_user(
        UserChange change,
        UserRule rule
    ) = 0;

    /// The user stays by the id alone: name, picture, status, password, sign-ins, tokens and
    /// invitations are gone, and nobody finds them. Identities stay: a token from before must make
    /// nobody else. What is left of them in threads goes
    /// by DepartureStore. Returns not_found, what the rule says, or bad_credentials: the password
    /// is another by now.
    [[nodiscard]] virtual Task<Result<model::User>> delete_account(
        AccountDeletion deletion,
        UserRule rule
    ) = 0;
};

}  // namespace banter::storage
