#include "service/clerk_hooks.hpp"

#include "base/check.hpp"
#include "service/clerk_news.hpp"
#include "service/identities.hpp"
#include "service/organizations.hpp"

#include <utility>
#include <variant>

namespace banter::service {

namespace {

/// What is said of an organization, or of a member of one, concerns its workspace alone.
void say_of_organization(storage::Hook& hook, ClerkEvent event) {
    std::string organization;
    if (auto* made = std::get_if<ClerkOrganization>(&event)) {
        organization = made->id;
        std::string name = workspace_name({made->name, made->slug});
        hook.says =
            storage::OrganizationNews{std::move(made->id), std::move(name), made->updated_at};
    } else if (auto* gone = std::get_if<ClerkOrganizationEnd>(&event)) {
        organization = gone->id;
        hook.says = storage::OrganizationEnd{std::move(gone->id)};
    } else if (auto* member = std::get_if<ClerkMember>(&event)) {
        organization = std::move(member->organization);
        hook.identity.subject = std::move(member->subject);
        hook.says = storage::MemberNews{workspace_role(member->role), member->updated_at};
    } else {
        auto& left = std::get<ClerkMemberEnd>(event);
        organization = std::move(left.organization);
        hook.identity.subject = std::move(left.subject);
        hook.says = storage::MemberEnd{left.at};
    }
    hook.workspace = workspace_of(hook.identity.issuer, organization);
}

}  // namespace

std::optional<Error> ClerkHooks::refused(const SignedHook& hook) const {
    CHECK(rules_.secrets.has_value());
    return rules_.secrets->refused(hook, clock_.now());
}

Task<> ClerkHooks::take(std::string id, ClerkEvent event) {
    storage::Hook hook;
    hook.id = std::move(id);
    hook.workspace = installation_.workspace.id;
    hook.identity.issuer = rules_.issuer;
    hook.now = clock_.now();
    if (auto* user = std::get_if<ClerkUser>(&event)) {
        hook.identity.subject = user->subject;
        auto news = news_of(rules_.issuer, std::move(*user), ids_);
        news.makes = rules_.personal;
        hook.says = std::move(news);
    } else if (auto* gone = std::get_if<ClerkUserEnd>(&event)) {
        hook.identity.subject = std::move(gone->subject);
        hook.says = storage::IdentityEnd{};
    } else if (auto* ended = std::get_if<ClerkSessionEnd>(&event)) {
        hook.identity.subject = std::move(ended->subject);
        hook.says = storage::SessionEnd{session_of(rules_.issuer, ended->session)};
    } else if (std::holds_alternative<std::monostate>(event)) {
        co_return;
    } else {
        say_of_organization(hook, std::move(event));
    }
    static_cast<void>(co_await storage_.hooks.take(std::move(hook)));
}

}  // namespace banter::service
