#include "storage/sql/identities.hpp"

#include "storage/sql/registration.hpp"
#include "storage/sql/user_rows.hpp"

#include <utility>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement find_user_of_identity{
    "SELECT user_id FROM identities WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};

// The primary key.
constexpr Statement drop_identity{
    "DELETE FROM identities WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};

constexpr Statement add_identity{
    "INSERT INTO identities (workspace_id, issuer, subject, user_id) VALUES ($1, $2, $3, $4)"};

}  // namespace

Task<std::optional<storage::KnownCaller>> read_by_identity(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::Identity identity
) {
    Rows rows = co_await connection.query(
        find_user_of_identity, workspace, identity.issuer, identity.subject
    );
    if (rows.empty()) co_return std::nullopt;
    co_return co_await find_known_caller(connection, workspace, rows[0].id<model::UserId>());
}

Task<storage::KnownCaller> find_or_make(
    Connection& connection,
    Outbox&,
    storage::NewIdentity wanted
) {
    auto known = co_await read_by_identity(connection, wanted.workspace, wanted.identity);
    const bool begins_anew =
        known && known->user.deleted_at && wanted.issued_at > *known->user.deleted_at;
    if (known && !begins_anew) co_return std::move(*known);
    const storage::Identity& identity = wanted.identity;
    co_await connection.query(drop_identity, wanted.workspace, identity.issuer, identity.subject);

    std::optional<model::UserId> user;
    if (wanted.bind_local_handle) {
        const auto local =
            first_user(co_await connection.query(user_by_handle, wanted.workspace, wanted.handle));
        if (local && local->local && !local->user.deleted_at) user = local->user.id;
    }
    if (!user) {
        NewUser made;
        made.id = wanted.id;
        made.workspace = wanted.workspace;
        made.local = wanted.bind_local_handle;
        made.handle = co_await free_handle(connection, wanted.workspace, wanted.handle);
        made.display_name = wanted.display_name;
        made.created_at = wanted.created_at;
        user = made.id;
        co_await add_user(connection, std::move(made));
    }
    co_await connection.query(
        add_identity, wanted.workspace, identity.issuer, identity.subject, *user
    );
    known = co_await find_known_caller(connection, wanted.workspace, *user);
    CHECK(known.has_value());
    co_return std::move(*known);
}

}  // namespace banter::sql
