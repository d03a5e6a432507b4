#include "service/identities.hpp"

#include "base/ascii.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/hashed_id.hpp"
#include "service/organizations.hpp"

#include <algorithm>
#include <utility>

namespace banter::service {

namespace {

namespace limits = model::limits;

std::optional<model::SignInId> session_in(const Claims& claims) {
    if (!claims.sign_in) return std::nullopt;
    return session_of(claims.issuer, *claims.sign_in);
}

}  // namespace

model::SignInId session_of(std::string_view issuer, std::string_view session) {
    Sha256 hash;
    return hashed_id<model::SignInId>(hash.text(issuer).text(session).finish());
}

std::optional<std::string> nearest_handle(std::string_view name) {
    std::string handle;
    for (const char letter : name) {
        const bool upper = letter >= 'A' && letter <= 'Z';
        const char lower = static_cast<char>(upper ? letter - 'A' + 'a' : letter);
        if (lower == ' ' && !handle.empty()) handle += '-';
        if (model::is_handle(std::string(2, lower))) handle += lower;
        if (handle.size() == limits::handle_bytes_max) break;
    }
    return model::is_handle(handle) ? std::optional(std::move(handle)) : std::nullopt;
}

std::string handle_from(const Claims& claims) {
    return nearest_handle(claims.username.value_or(claims.name.value_or(""))).value_or("user");
}

std::string display_name_from(const Claims& claims) {
    for (const auto* name : {&claims.name, &claims.username}) {
        if (*name && model::is_name(**name)) return **name;
    }
    constexpr std::size_t shown = 4;
    const std::size_t size = claims.subject.size();
    const std::string end = claims.subject.substr(size - std::min(size, shown));
    return std::ranges::all_of(end, is_letter_or_digit) ? "User " + end : "User";
}

Identities::Identities(
    storage::Storage& storage,
    const storage::Installation& installation,
    const Clock& clock,
    model::IdMaker& ids
)
    : storage_(storage), installation_(installation), clock_(clock), ids_(ids) {}

Task<std::optional<storage::KnownCaller>> Identities::find(const Claims& claims) {
    storage::Identity identity{claims.issuer, claims.subject, session_in(claims)};
    const Timestamp issued_at = claims.issued_at;
    const model::WorkspaceId workspace = workspace_for(claims);
    auto known = co_await storage_.users.find_by_identity(workspace, std::move(identity));
    const bool begins_anew = known && known->user.deleted_at && issued_at > *known->user.deleted_at;
    if (begins_anew) known.reset();
    co_return known;
}

Task<std::optional<storage::KnownCaller>> Identities::make(const Claims& claims) {
    storage::NewIdentity made = identity_of(claims);
    made.handle = handle_from(claims);
    made.display_name = display_name_from(claims);
    made.avatar_url = claims.picture;
    if (claims.workspace) {
        storage::OrganizationMember member;
        member.organization = *claims.workspace;
        member.name = workspace_name({claims.organization_slug});
        member.role = claims.role;
        made.member = std::move(member);
    }
    co_return co_await storage_.users.provision(std::move(made));
}

Task<std::optional<storage::KnownCaller>> Identities::make_local(
    const Claims& claims,
    std::string handle
) {
    storage::NewIdentity made = identity_of(claims);
    made.handle = handle;
    made.display_name = std::move(handle);
    made.bind_local_handle = true;
    co_return co_await storage_.users.provision(std::move(made));
}

bool Identities::says_more(const Claims& claims, const storage::KnownCaller& known) {
    if (!claims.workspace) return false;
    const auto times = known.member.value_or(storage::MemberTimes{});
    if (known.member && claims.issued_at <= times.role_at) return false;
    return times.is_out() || known.user.role != claims.role;
}

model::WorkspaceId Identities::workspace_for(const Claims& claims) const {
    if (!claims.workspace) return installation_.workspace.id;
    return workspace_of(claims.issuer, *claims.workspace);
}

storage::NewIdentity Identities::identity_of(const Claims& claims) {
    return {
        .identity = {claims.issuer, claims.subject, session_in(claims)},
        .workspace = workspace_for(claims),
        .id = ids_.make<model::UserId>(),
        .handle = {},
        .display_name = {},
        .created_at = clock_.now(),
        .issued_at = claims.issued_at,
    };
}

}  // namespace banter::service
