#include "storage/sql/identity_states.hpp"

#include "base/check.hpp"
#include "storage/sql/user_changes.hpp"
#include "storage/sql/user_rows.hpp"

#include <utility>

namespace banter::sql {

namespace {

// The primary key. What stands there is locked by being written as it is.
constexpr Statement claim_state{
    "INSERT INTO identity_states (issuer, subject, updated_at, barred, gone) "
    "VALUES ($1, $2, 0, 0, 0) "
    "ON CONFLICT (issuer, subject) DO UPDATE SET gone = identity_states.gone"};
constexpr Statement find_state{
    "SELECT updated_at, handle, display_name, avatar_url, barred, gone FROM identity_states "
    "WHERE issuer = $1 AND subject = $2"};
constexpr Statement write_state{
    "UPDATE identity_states SET updated_at = $3, handle = $4, display_name = $5, avatar_url = $6, "
    "barred = $7, gone = $8 WHERE issuer = $1 AND subject = $2"};

// identities_by_subject.
constexpr Statement find_workspaces{
    "SELECT workspace_id FROM identities WHERE issuer = $1 AND subject = $2"};

// The primary keys of identities and users.
constexpr Statement find_user{
    "SELECT user_id FROM identities WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};

// The primary keys of identities, identity_states and organization_members.
constexpr Statement find_access{
    "SELECT i.shut_at, "
    "(SELECT count(*) FROM identity_states s WHERE s.issuer = i.issuer AND s.subject = i.subject "
    "AND s.barred <> 0), "
    "(SELECT count(*) FROM organization_members m WHERE m.workspace_id = i.workspace_id "
    "AND m.subject = i.subject AND m.left_at >= m.role_at) "
    "FROM identities i WHERE i.workspace_id = $1 AND i.issuer = $2 AND i.subject = $3"};
constexpr Statement write_shut{
    "UPDATE identities SET shut_at = $4 "
    "WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};

// identities_by_user, then the primary key.
constexpr Statement forget_names{
    "UPDATE identity_states SET handle = NULL, display_name = NULL, avatar_url = NULL "
    "WHERE (issuer, subject) IN (SELECT issuer, subject FROM identities WHERE user_id = $1)"};

}  // namespace

Task<IdentityState> claim_identity_state(Connection& connection, storage::Identity identity) {
    co_await connection.query(claim_state, identity.issuer, identity.subject);
    Rows rows = co_await connection.query(find_state, identity.issuer, identity.subject);
    CHECK(!rows.empty());
    Row row = rows[0];
    IdentityState state;
    state.updated_at = row.time();
    state.handle = row.optional_text();
    state.display_name = row.optional_text();
    state.avatar_url = row.optional_text();
    state.barred = row.flag();
    state.gone = row.flag();
    co_return state;
}

Task<> save_identity_state(
    Connection& connection,
    storage::Identity identity,
    IdentityState state
) {
    co_await connection.query(
        write_state,
        identity.issuer,
        identity.subject,
        state.updated_at,
        state.handle,
        state.display_name,
        state.avatar_url,
        state.barred,
        state.gone
    );
}

Task<std::vector<model::WorkspaceId>> workspaces_of(
    Connection& connection,
    storage::Identity identity
) {
    Rows rows = co_await connection.query(find_workspaces, identity.issuer, identity.subject);
    std::vector<model::WorkspaceId> workspaces;
    for (std::size_t i = 0; i < rows.size(); ++i)
        workspaces.push_back(rows[i].id<model::WorkspaceId>());
    co_return workspaces;
}

Task<std::optional<model::User>> living_user(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::Identity identity
) {
    Rows rows = co_await connection.query(find_user, workspace, identity.issuer, identity.subject);
    if (rows.empty()) co_return std::nullopt;
    const auto id = rows[0].id<model::UserId>();
    auto known = first_user(co_await connection.query(user_by_id, id, workspace));
    if (!known || known->user.deleted_at) co_return std::nullopt;
    co_return std::move(known->user);
}

Task<> set_active(
    Connection& connection,
    Outbox& outbox,
    model::User user,
    bool active,
    Timestamp now
) {
    storage::UserChange change;
    change.workspace = user.workspace;
    change.user = user.id;
    change.change.deactivated = !active;
    change.now = now;
    const auto changed = co_await write_user_change(connection, outbox, change, whoever);
    CHECK(changed.has_value());
}

Task<> settle_access(
    Connection& connection,
    Outbox& outbox,
    model::WorkspaceId workspace,
    storage::Identity identity,
    Timestamp now
) {
    auto user = co_await living_user(connection, workspace, identity);
    if (!user) co_return;
    Rows rows =
        co_await connection.query(find_access, workspace, identity.issuer, identity.subject);
    CHECK(!rows.empty());
    Row row = rows[0];
    const auto shut_at = row.optional_time();
    const bool barred = row.flag();
    const bool is_out = row.flag();
    std::optional<Timestamp> shut = shut_at;
    if (barred || is_out) {
        if (user->deactivated_at) co_return;
        co_await set_active(connection, outbox, *std::move(user), false, now);
        shut = now;
    } else {
        shut.reset();
        const bool is_ours = shut_at && user->deactivated_at == shut_at;
        if (is_ours) co_await set_active(connection, outbox, *std::move(user), true, now);
    }
    if (shut == shut_at) co_return;
    co_await connection.query(write_shut, workspace, identity.issuer, identity.subject, shut);
}

Task<> forget_names_of(Connection& connection, model::UserId user) {
    co_await connection.query(forget_names, user);
}

}  // namespace banter::sql
