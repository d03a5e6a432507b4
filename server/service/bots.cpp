#include "service/bots.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "service/account_permissions.hpp"
#include "service/refusals.hpp"

#include <vector>

namespace banter::service {

namespace {

Error no_such_bot() { return {Errc::not_found, "there is no such bot"}; }

}  // namespace

Task<Result<model::User>> Bots::create(Caller caller, CreateBot request) {
    if (auto refused = permissions::may_make_bot(caller, request.role)) {
        co_return *std::move(refused);
    }
    model::ProfileChange profile;
    profile.handle = request.handle;
    profile.display_name = request.display_name;
    profile.avatar_url = request.avatar_url;
    const Timestamp now = clock_.now();
    if (auto mistake = mistake_in(profile, now)) co_return *std::move(mistake);
    storage::NewBot bot{
        .id = ids_.make<model::UserId>(),
        .workspace = caller.workspace,
        .role = request.role,
        .handle = std::move(request.handle),
        .display_name = std::move(request.display_name),
        .avatar_url = std::move(request.avatar_url),
        .created_at = now,
        .by = {caller.user, caller.role},
    };
    co_return co_await storage_.people.make_bot(std::move(bot));
}

Task<Result<model::Page<model::User>>> Bots::list(Caller caller, model::PageRequest page) {
    if (auto refused = permissions::may_manage_bots(caller)) co_return *std::move(refused);
    co_return co_await storage_.people.bots(caller.workspace, std::move(page));
}

Task<std::optional<Error>> Bots::refuse(Caller caller, model::UserId bot) {
    if (auto refused = permissions::may_manage_bots(caller)) co_return *std::move(refused);
    std::vector<model::UserId> ids{bot};
    const auto found = co_await storage_.users.find_all(caller.workspace, std::move(ids));
    const bool there = !found.empty() && found.front().bot && !found.front().deleted_at;
    if (!there) co_return no_such_bot();
    co_return std::nullopt;
}

Task<Result<model::User>> Bots::change_profile(
    Caller caller,
    model::UserId bot,
    model::ProfileChange change
) {
    if (auto refused = co_await refuse(caller, bot)) co_return *std::move(refused);
    const Caller as_bot{.user = bot, .workspace = caller.workspace};
    co_return co_await users_.change_profile(as_bot, std::move(change));
}

Task<Result<MadeAccessToken>> Bots::create_token(
    Caller caller,
    model::UserId bot,
    CreateAccessToken request
) {
    if (auto refused = co_await refuse(caller, bot)) co_return *std::move(refused);
    CHECK(request.scopes.has_value());
    if (request.scopes->empty()) co_return bad_request("scopes: at least one");
    auto made = co_await tokens_.make_for_bot(caller, bot, std::move(request));
    if (made) {
        log::info(
            "a token was made for a bot",
            {{"bot", bot.text()}, {"token", made->about.id.text()}, {"by", caller.user.text()}}
        );
    }
    co_return made;
}

Task<Result<model::Page<model::AccessToken>>> Bots::list_tokens(
    Caller caller,
    model::UserId bot,
    model::PageRequest page
) {
    if (auto refused = co_await refuse(caller, bot)) co_return *std::move(refused);
    co_return co_await storage_.access_tokens.list(bot, std::move(page));
}

Task<std::optional<Error>> Bots::end_token(
    Caller caller,
    model::UserId bot,
    model::SignInId token
) {
    if (auto refused = co_await refuse(caller, bot)) co_return refused;
    co_return co_await tokens_.end_of(bot, token);
}

}  // namespace banter::service
