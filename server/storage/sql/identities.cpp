#include "storage/sql/identities.hpp"

#include "storage/sql/registration.hpp"
#include "storage/sql/user_rows.hpp"

#include <utility>

namespace banter::sql {

namespace {

// The primary keys. No session has the id of zeros.
constexpr Statement find_user_of_identity{
    "SELECT user_id, (SELECT count(*) FROM ended_sessions WHERE id = $4) FROM identities "
    "WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};

// The primary key.
constexpr Statement find_ended{"SELECT 1 FROM ended_sessions WHERE id = $1"};

/// So that what makes the user and what ends the identity wait for each other, in a database with
/// several writers.
constexpr Statement claim_state{
    "INSERT INTO identity_states (workspace_id, issuer, subject, updated_at, barred_at, gone) "
    "VALUES ($1, $2, $3, 0, NULL, 0) ON CONFLICT DO NOTHING"};

// The primary key.
constexpr Statement find_shut_out{
    "SELECT 1 FROM identity_states WHERE workspace_id = $1 AND issuer = $2 AND subject = $3 "
    "AND (gone <> 0 OR barred_at IS NOT NULL)"};

// The primary key.
constexpr Statement drop_identity{
    "DELETE FROM identities WHERE workspace_id = $1 AND issuer = $2 AND subject = $3"};

constexpr Statement add_identity{
    "INSERT INTO identities (workspace_id, issuer, subject, user_id) VALUES ($1, $2, $3, $4)"};

Task<bool> may_be_made(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::Identity identity
) {
    if (identity.sign_in) {
        const Rows ended = co_await connection.query(find_ended, *identity.sign_in);
        if (!ended.empty()) co_return false;
    }
    co_await connection.query(claim_state, workspace, identity.issuer, identity.subject);
    const Rows shut_out =
        co_await connection.query(find_shut_out, workspace, identity.issuer, identity.subject);
    co_return shut_out.empty();
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
    auto known = co_await find_known_caller(connection, workspace, user);
    if (known && ended) known->signed_in = false;
    co_return known;
}

Task<std::optional<storage::KnownCaller>> find_or_make(
    Connection& connection,
    Outbox&,
    storage::NewIdentity wanted
) {
    auto known = co_await read_by_identity(connection, wanted.workspace, wanted.identity);
    const bool begins_anew =
        known && known->user.deleted_at && wanted.issued_at > *known->user.deleted_at;
    if (known && !begins_anew) co_return known;
    const bool may = co_await may_be_made(connection, wanted.workspace, wanted.identity);
    if (!may) co_return std::nullopt;
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
    co_return known;
}

}  // namespace banter::sql
