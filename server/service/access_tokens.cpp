#include "service/access_tokens.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/account_permissions.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

#include <vector>

namespace banter::service {

namespace {

namespace limits = model::limits;

constexpr std::size_t secret_bytes = 32;
/// Base64url of a secret.
constexpr std::size_t secret_text_size = 43;
static_assert(AccessTokens::prefix_of_bot.size() == AccessTokens::prefix_of_person.size());
constexpr std::size_t token_size = AccessTokens::prefix_of_person.size() + secret_text_size;
/// Tokens of which a use may wait to be written; more are not noted.
constexpr std::size_t uses_waiting_max = 4'096;

storage::SecretHash hash_of(std::string_view token) { return Sha256().bytes(token).finish(); }

}  // namespace

Task<Result<MadeAccessToken>> AccessTokens::create(Caller caller, CreateAccessToken request) {
    if (auto refused = permissions::may_manage_credentials(caller)) co_return *std::move(refused);
    storage::NewAccessToken made{.user = caller.user};
    co_return co_await make(std::move(made), prefix_of_person, std::move(request));
}

Task<Result<MadeAccessToken>> AccessTokens::make_for_bot(
    Caller caller,
    model::UserId bot,
    CreateAccessToken request
) {
    storage::NewAccessToken made{.user = bot};
    made.by = storage::ActingUser{caller.user, caller.role};
    co_return co_await make(std::move(made), prefix_of_bot, std::move(request));
}

Task<Result<MadeAccessToken>> AccessTokens::make(
    storage::NewAccessToken made,
    std::string_view prefix,
    CreateAccessToken request
) {
    if (!model::is_storable_text(request.name) || !model::is_name(request.name)) {
        co_return bad_request("name: 1 to 80 characters, no control characters");
    }
    const Timestamp now = clock_.now();
    if (request.expires_at && *request.expires_at <= now) {
        co_return bad_request("expiresAt: it is over");
    }
    std::string token = std::string(prefix) + base64url(random_.bytes<secret_bytes>());
    made.secret = hash_of(token);
    made.token.id = ids_.make<model::SignInId>();
    made.token.name = std::move(request.name);
    made.token.created_at = now;
    made.token.expires_at = request.expires_at;
    made.token.scopes = request.scopes;
    auto stored = co_await storage_.access_tokens.create(std::move(made));
    if (!stored) co_return std::move(stored).error();
    co_return MadeAccessToken{*std::move(stored), std::move(token)};
}

Task<Result<model::Page<model::AccessToken>>> AccessTokens::list(
    Caller caller,
    model::PageRequest page
) {
    co_return co_await storage_.access_tokens.list(caller.user, std::move(page));
}

Task<std::optional<Error>> AccessTokens::end(Caller caller, model::SignInId token) {
    return end_of(caller.user, token);
}

Task<std::optional<Error>> AccessTokens::end_of(model::UserId user, model::SignInId token) {
    const bool ended = co_await storage_.access_tokens.end(user, token, clock_.now());
    if (ended) co_return std::nullopt;
    co_return Error{Errc::not_found, "there is no such token"};
}

Task<std::optional<storage::AccessTokenCaller>> AccessTokens::find_caller(std::string token) {
    if (token.size() != token_size) co_return std::nullopt;
    auto found = co_await storage_.access_tokens.find_caller(hash_of(token), clock_.now());
    if (found) note_use(found->token);
    co_return found;
}

void AccessTokens::note_use(const model::AccessToken& token) {
    const Timestamp now = clock_.now();
    const auto& last = token.last_used_at;
    if (last && now - *last < limits::access_token_use_interval) return;
    if (uses_.size() < uses_waiting_max) uses_.try_emplace(token.id, now);
}

Task<> AccessTokens::settle_uses() {
    if (uses_.empty()) co_return;
    std::vector<storage::AccessTokenUse> uses;
    for (const auto& [token, at] : uses_) uses.push_back({token, at});
    uses_.clear();
    co_await storage_.access_tokens.note_uses(std::move(uses));
}

}  // namespace banter::service
