// Bots: users of programs. Nobody signs in as one; it has access tokens, each limited to scopes.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/page.hpp"
#include "model/user_change.hpp"
#include "service/access_tokens.hpp"
#include "service/caller.hpp"
#include "service/users.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>

namespace banter::service {

struct CreateBot {
    std::string handle;
    std::string display_name;
    std::optional<std::string> avatar_url;
    model::WorkspaceRole role = model::WorkspaceRole::member;
};

/// For owners and admins, and for nobody by an access token or in another's name: whatever else is
/// asked is forbidden. A user who is no bot is not_found.
class Bots {
public:
    Bots(
        storage::Storage& storage,
        AccessTokens& tokens,
        Users& users,
        const Clock& clock,
        model::IdMaker& ids
    )
        : storage_(storage), tokens_(tokens), users_(users), clock_(clock), ids_(ids) {}

    /// Returns bad_request, too_large (avatarUrl), conflict: the handle is taken.
    [[nodiscard]] Task<Result<model::User>> create(Caller caller, CreateBot request);
    /// Those of the caller's workspace, newest first, the deactivated too.
    [[nodiscard]] Task<Result<model::Page<model::User>>> list(
        Caller caller,
        model::PageRequest page
    );
    /// Returns what Users::change_profile does.
    [[nodiscard]] Task<Result<model::User>> change_profile(
        Caller caller,
        model::UserId bot,
        model::ProfileChange change
    );

    /// The request names scopes. Returns what AccessTokens::create does, and conflict: the bot is
    /// deactivated.
    [[nodiscard]] Task<Result<MadeAccessToken>> create_token(
        Caller caller,
        model::UserId bot,
        CreateAccessToken request
    );
    [[nodiscard]] Task<Result<model::Page<model::AccessToken>>> list_tokens(
        Caller caller,
        model::UserId bot,
        model::PageRequest page
    );
    [[nodiscard]] Task<std::optional<Error>> end_token(
        Caller caller,
        model::UserId bot,
        model::SignInId token
    );

private:
    /// Why the caller may not do anything to the bot, or nothing.
    [[nodiscard]] Task<std::optional<Error>> refuse(Caller caller, model::UserId bot);

    storage::Storage& storage_;
    AccessTokens& tokens_;
    Users& users_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
