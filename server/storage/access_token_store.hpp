// Access tokens of people and bots. The token itself is never stored, only its hash.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/access_token.hpp"
#include "model/page.hpp"
#include "storage/user_store.hpp"

#include <optional>
#include <vector>

namespace banter::storage {

struct NewAccessToken {
    model::AccessToken token;
    model::UserId user;
    SecretHash secret;
    /// Who makes it for a bot of the same workspace.
    std::optional<ActingUser> by{};
};

/// A token that counts, and whose it is.
struct AccessTokenCaller {
    model::AccessToken token;
    KnownCaller caller;
};

struct AccessTokenUse {
    model::SignInId token;
    Timestamp at;
};

class AccessTokenStore {
public:
    virtual ~AccessTokenStore() = default;

    /// Returns unauthenticated, or of a bot's conflict: the user can't sign in; too_large: the user
    /// has limits::access_tokens_max that count; expired ones make room.
    [[nodiscard]] virtual Task<Result<model::AccessToken>> create(NewAccessToken token) = 0;

    /// Newest first, expired ones too.
    [[nodiscard]] virtual Task<model::Page<model::AccessToken>> list(
        model::UserId user,
        model::PageRequest page
    ) = 0;

    /// Nothing for one that is unknown, revoked or expired.
    [[nodiscard]] virtual Task<std::optional<AccessTokenCaller>> find_caller(
        SecretHash secret,
        Timestamp now
    ) = 0;

    /// Revokes it. False: the user has no such token.
    [[nodiscard]] virtual Task<bool> end(
        model::UserId user,
        model::SignInId token,
        Timestamp now
    ) = 0;

    /// Moves `last_used_at` forward, by no less than limits::access_token_use_interval.
    virtual Task<> note_uses(std::vector<AccessTokenUse> uses) = 0;
};

}  // namespace banter::storage
