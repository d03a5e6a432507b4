// Access tokens: what a person gives to programs that act for them, and what a bot signs in with.
//
// A token is a prefix that scanners for leaked secrets know, and 32 random bytes; only its hash is
// kept.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/access_token.hpp"
#include "model/page.hpp"
#include "service/caller.hpp"
#include "storage/storage.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

struct CreateAccessToken {
    std::string name;
    /// Nothing: until it is revoked.
    std::optional<Timestamp> expires_at;
    /// Of a bot's.
    std::optional<model::Scopes> scopes{};
};

struct MadeAccessToken {
    model::AccessToken about;
    /// Told this once.
    std::string token;
};

class AccessTokens {
public:
    static constexpr std::string_view prefix_of_person = "banter_pat_";
    /// Another one: a server from before bots, to which a limit means nothing, knows no such token.
    static constexpr std::string_view prefix_of_bot = "banter_bot_";

    [[nodiscard]] static bool is_one(std::string_view token) {
        return token.starts_with(prefix_of_person) || token.starts_with(prefix_of_bot);
    }

    AccessTokens(storage::Storage& storage, const Clock& clock, Random& random, model::IdMaker& ids)
        : storage_(storage), clock_(clock), random_(random), ids_(ids) {}

    /// Returns bad_request (name, expiresAt), forbidden (asked with such a token), too_large (the
    /// user has limits::access_tokens_max).
    [[nodiscard]] Task<Result<MadeAccessToken>> create(Caller caller, CreateAccessToken request);
    /// The same for a bot of the caller's workspace; the caller may. Returns conflict, too: the bot
    /// is deactivated.
    [[nodiscard]] Task<Result<MadeAccessToken>> make_for_bot(
        Caller caller,
        model::UserId bot,
        CreateAccessToken request
    );
    /// The caller's own, newest first.
    [[nodiscard]] Task<Result<model::Page<model::AccessToken>>> list(
        Caller caller,
        model::PageRequest page
    );
    /// Revokes one of the caller's own. Returns not_found.
    [[nodiscard]] Task<std::optional<Error>> end(Caller caller, model::SignInId token);
    /// The same of a user who is not asked.
    [[nodiscard]] Task<std::optional<Error>> end_of(model::UserId user, model::SignInId token);

    /// Whose token this is, which begins as one; notes that it was used. Nothing for one
    /// that doesn't count.
    [[nodiscard]] Task<std::optional<storage::AccessTokenCaller>> find_caller(std::string token);

    /// Writes down when tokens were last used, as far as it was noted since the last time.
    [[nodiscard]] Task<> settle_uses();

private:
    [[nodiscard]] Task<Result<MadeAccessToken>> make(
        storage::NewAccessToken made,
        std::string_view prefix,
        CreateAccessToken request
    );
    void note_use(const model::AccessToken& token);

    storage::Storage& storage_;
    const Clock& clock_;
    Random& random_;
    model::IdMaker& ids_;
    boost::unordered_flat_map<model::SignInId, Timestamp> uses_;
};

}  // namespace banter::service
