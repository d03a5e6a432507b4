#include "storage/sql/organizations.hpp"

#include "base/check.hpp"
#include "storage/sql/ending.hpp"
#include "storage/sql/identity_states.hpp"
#include "storage/sql/user_changes.hpp"

#include <algorithm>
#include <utility>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement add_organization{
    "INSERT INTO workspaces (id, name, created_at, sign_up, issuer, organization) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"};
constexpr Statement find_gone{"SELECT gone FROM workspaces WHERE id = $1"};
constexpr Statement rename_organization{
    "UPDATE workspaces SET name = $2, named_at = $3 WHERE id = $1 AND named_at <= $3"};
// 1 as long as users of it may have something open, then 2.
constexpr Statement mark_gone{
    "UPDATE workspaces SET gone = 1 WHERE id = $1 AND gone <= 1 RETURNING 1"};
constexpr Statement mark_empty{"UPDATE workspaces SET gone = 2 WHERE id = $1"};

// The primary key. Of two words at once the second waits here, and sees what the first has left.
constexpr Statement claim_member{
    "INSERT INTO organization_members (workspace_id, subject, role, role_at) "
    "VALUES ($1, $2, $3, 0) "
    "ON CONFLICT (workspace_id, subject) DO UPDATE SET role = organization_members.role "
    "RETURNING role, role_at, left_at"};
constexpr Statement write_member{
    "UPDATE organization_members SET role = $3, role_at = $4, left_at = $5 "
    "WHERE workspace_id = $1 AND subject = $2"};

/// The workspace of an organization.
struct Place {
    model::WorkspaceId workspace;
    std::string issuer;
    std::string organization;
    std::string name;
    Timestamp created_at;
};

/// What an issuer says of an identity as a member.
struct Word {
    model::WorkspaceId workspace;
    storage::Identity identity;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    /// By its clock.
    Timestamp at;
    Timestamp now;
};

struct Member {
    model::WorkspaceRole role = model::WorkspaceRole::member;
    storage::MemberTimes times;
};

Task<> make_place(Connection& connection, Place place) {
    // Nobody registers there: who is in it is the issuer's to say.
    co_await connection.query(
        add_organization,
        place.workspace,
        place.name,
        place.created_at,
        model::SignUp::closed,
        place.issuer,
        place.organization
    );
}

/// Of whom nothing was said yet: a member since the beginning of time.
Task<Member> lock_member(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string subject
) {
    const auto role = model::WorkspaceRole::member;
    Rows rows = co_await connection.query(claim_member, workspace, std::move(subject), role);
    Row row = rows[0];
    Member member;
    member.role = row.choice<model::WorkspaceRole>();
    member.times.role_at = row.time();
    member.times.left_at = row.optional_time();
    co_return member;
}

Task<> save_member(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string subject,
    Member member
) {
    co_await connection.query(
        write_member,
        workspace,
        std::move(subject),
        member.role,
        member.times.role_at,
        member.times.left_at
    );
}

/// The user, if there is one already, has the role.
Task<> give_role(Connection& connection, Outbox& outbox, Word word) {
    const auto user = co_await living_user(connection, word.workspace, word.identity);
    if (!user || user->role == word.role) co_return;
    storage::UserChange change;
    change.workspace = word.workspace;
    change.user = user->id;
    change.change.role = word.role;
    change.now = word.now;
    const auto changed = co_await write_user_change(connection, outbox, change, whoever);
    CHECK(changed.has_value());
}

/// The role as it is now; nothing: the user left after that was said.
Task<std::optional<model::WorkspaceRole>> take_word(
    Connection& connection,
    Outbox& outbox,
    Word word
) {
    const std::string subject = word.identity.subject;
    Member member = co_await lock_member(connection, word.workspace, subject);
    const bool was_said = member.times.role_at != Timestamp{};
    if (member.times.left_at && word.at <= *member.times.left_at) co_return std::nullopt;
    if (was_said && word.at <= member.times.role_at) co_return member.role;
    const bool was_out = member.times.is_out();
    member.role = word.role;
    member.times.role_at = word.at;
    co_await save_member(connection, word.workspace, subject, member);
    if (was_out) {
        co_await settle_access(connection, outbox, word.workspace, word.identity, word.now);
    }
    co_await give_role(connection, outbox, word);
    co_return member.role;
}

}  // namespace

Task<std::optional<model::WorkspaceRole>> enter_organization(
    Connection& connection,
    Outbox& outbox,
    storage::NewIdentity wanted
) {
    CHECK(wanted.member.has_value());
    Place place;
    place.workspace = wanted.workspace;
    place.issuer = wanted.identity.issuer;
    place.organization = wanted.member->organization;
    place.name = wanted.member->name;
    place.created_at = wanted.created_at;
    co_await make_place(connection, std::move(place));
    Rows rows = co_await connection.query(find_gone, wanted.workspace);
    CHECK(!rows.empty());
    if (rows[0].flag()) co_return std::nullopt;
    Word word;
    word.workspace = wanted.workspace;
    word.identity = wanted.identity;
    word.role = wanted.member->role;
    word.at = wanted.issued_at;
    word.now = wanted.created_at;
    co_return co_await take_word(connection, outbox, std::move(word));
}

Task<> take_organization_news(Connection& connection, storage::Hook hook) {
    auto news = std::get<storage::OrganizationNews>(hook.says);
    Place place;
    place.workspace = hook.workspace;
    place.issuer = hook.identity.issuer;
    place.organization = std::move(news.organization);
    place.name = news.name;
    place.created_at = hook.now;
    co_await make_place(connection, std::move(place));
    co_await connection.query(rename_organization, hook.workspace, news.name, news.updated_at);
}

Task<std::optional<std::string>> end_organization(
    Connection& connection,
    Outbox& outbox,
    storage::Hook hook,
    std::string after
) {
    Place place;
    place.workspace = hook.workspace;
    place.issuer = hook.identity.issuer;
    place.organization = std::get<storage::OrganizationEnd>(hook.says).organization;
    place.name = "Workspace";
    place.created_at = hook.now;
    co_await make_place(connection, std::move(place));
    const Rows marked = co_await connection.query(mark_gone, hook.workspace);
    if (marked.empty()) co_return std::nullopt;
    EndOfAll end;
    end.workspace = hook.workspace;
    end.after = std::move(after);
    end.now = hook.now;
    const auto last = co_await end_access_of_some(connection, outbox, end);
    if (!last) co_await connection.query(mark_empty, hook.workspace);
    co_return last;
}

Task<> take_member_news(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const auto& news = std::get<storage::MemberNews>(hook.says);
    Word word;
    word.workspace = hook.workspace;
    word.identity = hook.identity;
    word.role = news.role;
    word.at = news.updated_at;
    word.now = hook.now;
    static_cast<void>(co_await take_word(connection, outbox, std::move(word)));
}

Task<> end_membership(Connection& connection, Outbox& outbox, storage::Hook hook) {
    const Timestamp left_at = std::get<storage::MemberEnd>(hook.says).left_at;
    Member member = co_await lock_member(connection, hook.workspace, hook.identity.subject);
    const Timestamp before = member.times.left_at.value_or(Timestamp{});
    member.times.left_at = std::max(before, left_at);
    co_await save_member(connection, hook.workspace, hook.identity.subject, member);
    co_await settle_access(connection, outbox, hook.workspace, hook.identity, hook.now);
}

}  // namespace banter::sql
