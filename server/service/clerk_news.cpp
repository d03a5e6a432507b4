#include "service/clerk_news.hpp"

#include "model/text.hpp"
#include "service/identities.hpp"

#include <optional>
#include <utility>

namespace banter::service {

namespace {

/// First and last name, as far as they are there.
std::optional<std::string> name_of(const ClerkUser& user) {
    std::string name = user.first_name.value_or("");
    const std::string last = user.last_name.value_or("");
    if (!name.empty() && !last.empty()) name += ' ';
    name += last;
    return name.empty() ? std::nullopt : std::optional(std::move(name));
}

}  // namespace

storage::IdentityNews news_of(const std::string& issuer, ClerkUser user, model::IdMaker& ids) {
    Claims claims;
    claims.issuer = issuer;
    claims.subject = user.subject;
    claims.name = name_of(user);
    claims.username = user.username;
    storage::IdentityNews news;
    news.updated_at = user.updated_at;
    news.id = ids.make<model::UserId>();
    news.handle = handle_from(claims);
    news.display_name = display_name_from(claims);
    news.renames = user.username && nearest_handle(*user.username);
    if (user.picture && model::is_https_url(*user.picture))
        news.avatar_url = std::move(user.picture);
    news.barred = user.banned;
    return news;
}

}  // namespace banter::service
