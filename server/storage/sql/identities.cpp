#include "storage/sql/identities.hpp"

#include "storage/sql/identity_states.hpp"
#include "storage/sql/organizations.hpp"
#include "storage/sql/registration.hpp"
#include "storage/sql/user_rows.hpp"

#include <utility>

namespace banter::sql {

namespace {

// The primary keys. No session has the id of zeros.
constexpr Statement find_user_of_identity{
    "SELECT i.user_id, (SELECT count(*) FROM ended_sessions WHERE id = $4), m.role_at, m.left_at "
    "FROM identities i LEFT JOIN organization_members m "
    "ON m.workspace_id = i.workspace_id AND m.subject = i.subject "
    "WHERE i.workspace_id = $1 AND i.issuer = $2 AND i.subject = $3"};

// The primary key.
constexpr Statement find_ended{"SELECT 1 FROM ended_sessions WHERE id = $1"};
constexpr Statement drop_identity{
    "DELETE FROM identities WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};

constexpr Statement add_identity{
    "INSERT INTO identities (workspace_id, issuer, subject, user_id) VALUES ($1, $2, $3, $4)"};

/// What the issuer has said of an identity of which somebody may be made; else nothing.
Task<std::optional<IdentityState>> claim_to_make(
    Connection& connection,
    storage::Identity identity
) {
    if (identity.sign_in) {
        const Rows ended = co_await connection.query(find_ended, *identity.sign_in);
        if (!ended.empty()) co_return std::nullopt;
    }
    auto state = co_await claim_identity_state(connection, std::move(identity));
    if (state.gone || state.barred) co_return std::nullopt;
    co_return state;
}

Task<std::optional<model::UserId>> find_local(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string handle
) {
    const auto local =
        first_user(co_await connection.query(user_by_handle, workspace, std::move(handle)));
    if (!local || !local->local || local->user.deleted_at) co_return std::nullopt;
    co_return local->user.id;
}

/// With the newest names, which are what the issuer has said, if it has.
Task<model::UserId> make_user(
    Connection& connection,
    storage::NewIdentity wanted,
    IdentityState said,
    model::WorkspaceRole role
) {
    NewUser made;
    made.id = wanted.id;
    made.workspace = wanted.workspace;
    made.role = role;
    made.local = wanted.bind_local_handle;
    made.display_name = said.display_name.value_or(wanted.display_name);
    made.avatar_url = said.display_name ? said.avatar_url : wanted.avatar_url;
    made.created_at = wanted.created_at;
    const std::string handle = said.handle.value_or(wanted.handle);
    made.handle = co_await free_handle(connection, wanted.workspace, handle);
    co_await add_user(connection, std::move(made));
    co_return wanted.id;
}

/// The identity is of no user of the workspace, or of one who was deleted. False: nobody is made.
Task<bool> make_identity(Connection& connection, Outbox& outbox, storage::NewIdentity wanted) {
    auto said = co_await claim_to_make(connection, wanted.identity);
    if (!said) co_return false;
    auto role = model::WorkspaceRole::member;
    if (wanted.member) {
        const auto entered = co_await enter_organization(connection, outbox, wanted);
        if (!entered) co_return false;
        role = *entered;
    }
    const storage::Identity& identity = wanted.identity;
    co_await connection.query(drop_identity, wanted.workspace, identity.issuer, identity.subject);
    std::optional<model::UserId> user;
    if (wanted.bind_local_handle)
        user = co_await find_local(connection, wanted.workspace, wanted.handle);
    if (!user) user = co_await make_user(connection, wanted, *std::move(said), role);
    co_await connection.query(
        add_identity, wanted.workspace, identity.issuer, identity.subject, *user
    );
    co_return true;
}

}  // namespace

Task<std::optional<storage::KnownCaller>> read_by_identity(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::Identity identity
) {
    const auto sign_in = identity.sign_in.value_or(model::SignInId{});
    Rows rows = co_await connection.query(
        find_user_of_identity, workspace, identity.issuer, identity.subject, sign_in
    );
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    const auto user = row.id<model::UserId>();
    const bool ended = row.flag();
    const auto role_at = row.optional_time();
    const auto left_at = row.optional_time();
    auto known = co_await find_known_caller(connection, workspace, user);
    if (known && ended) known->signed_in = false;
    if (known && role_at) known->member = storage::MemberTimes{*role_at, left_at};
    co_return known;
}

Task<std::optional<storage::KnownCaller>> find_or_make(
    Connection& connection,
    Outbox& outbox,
    storage::NewIdentity wanted
) {
    auto known = co_await read_by_identity(connection, wanted.workspace, wanted.identity);
    const bool begins_anew =
        known && known->user.deleted_at && wanted.issued_at > *known->user.deleted_at;
    if (known && !begins_anew) {
        if (!wanted.member) co_return known;
        const auto entered = co_await enter_organization(connection, outbox, wanted);
        if (!entered) co_return std::nullopt;
    } else {
        const bool made = co_await make_identity(connection, outbox, wanted);
        if (!made) co_return std::nullopt;
    }
    known = co_await read_by_identity(connection, wanted.workspace, wanted.identity);
    CHECK(known.has_value());
    co_return known;
}

}  // namespace banter::sql
