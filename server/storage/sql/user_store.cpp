#include "storage/sql/user_store.hpp"

#include "storage/sql/identities.hpp"
#include "storage/sql/registration.hpp"
#include "storage/sql/revocations.hpp"
#include "storage/sql/user_rows.hpp"

#include <utility>

namespace banter::sql {

namespace {

// users_by_handle, then the primary key of credentials.
constexpr Statement find_password{
    "SELECT u.id, u.workspace_id, c.password_hash FROM users u "
    "JOIN credentials c ON c.user_id = u.id WHERE u.workspace_id = $1 AND u.handle = $2"};

// The primary key.
constexpr Statement replace_password{
    "UPDATE credentials SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2 "
    "RETURNING 1"};

// sign_ins_by_user. No sign-in has the id of zeros.
constexpr Statement drop_other_sign_ins{"DELETE FROM sign_ins WHERE user_id = $1 AND id <> $2"};

// The primary key.
constexpr Statement find_living_sign_in{
    "SELECT 1 FROM sign_ins WHERE id = $1 AND user_id = $2 AND expires_at > $3"};

Task<std::optional<storage::Credentials>> read_credentials(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string handle
) {
    Rows rows = co_await connection.query(find_password, workspace, handle);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    storage::Credentials credentials;
    credentials.user = row.id<model::UserId>();
    credentials.workspace = row.id<model::WorkspaceId>();
    credentials.password_hash = row.text();
    co_return std::move(credentials);
}

Task<bool> write_password(Connection& connection, Outbox& outbox, storage::PasswordChange change) {
    const Rows replaced =
        co_await connection.query(replace_password, change.user, change.old_hash, change.new_hash);
    if (replaced.empty()) co_return false;
    const auto keep = change.keep.value_or(model::SignInId{});
    co_await connection.query(drop_other_sign_ins, change.user, keep);
    model::Revocation revocation;
    revocation.user = change.user;
    revocation.sign_in = change.keep;
    revocation.others = true;
    revocation.reason = model::RevocationReason::password_changed;
    co_await revoke(connection, outbox, revocation, change.now);
    co_return true;
}

Task<std::optional<storage::KnownCaller>> read_caller(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user,
    std::optional<model::SignInId> sign_in,
    Timestamp now
) {
    auto caller = co_await find_known_caller(connection, workspace, user);
    if (caller && sign_in) {
        const Rows living = co_await connection.query(find_living_sign_in, *sign_in, user, now);
        caller->signed_in = caller->signed_in && !living.empty();
    }
    co_return caller;
}

Task<std::vector<model::User>> read_users(
    Connection& connection,
    model::WorkspaceId workspace,
    std::vector<model::UserId> ids
) {
    std::vector<model::User> users;
    for (const auto& id : ids) {
        auto known = first_user(co_await connection.query(user_by_id, id, workspace));
        if (known) users.push_back(std::move(known->user));
    }
    co_return users;
}

}  // namespace

Task<Result<model::User>> SqlUserStore::register_account(
    storage::NewAccount account,
    storage::RegistrationRule rule
) {
    return database_.write(sql::create_account, std::move(account), std::move(rule));
}

Task<std::optional<storage::Credentials>> SqlUserStore::find_credentials(std::string handle) {
    return database_.read(read_credentials, default_workspace_, std::move(handle));
}

Task<bool> SqlUserStore::change_password(storage::PasswordChange change) {
    return database_.write(write_password, std::move(change));
}

Task<std::optional<storage::KnownCaller>> SqlUserStore::find_caller(
    model::WorkspaceId workspace,
    model::UserId user,
    std::optional<model::SignInId> sign_in,
    Timestamp now
) {
    return database_.read(read_caller, workspace, user, sign_in, now);
}

Task<std::optional<storage::KnownCaller>> SqlUserStore::find_by_identity(
    model::WorkspaceId workspace,
    storage::Identity identity
) {
    return database_.read(read_by_identity, workspace, std::move(identity));
}

Task<std::optional<storage::KnownCaller>> SqlUserStore::provision(storage::NewIdentity identity) {
    return database_.write(find_or_make, std::move(identity));
}

Task<std::vector<model::User>> SqlUserStore::find_all(
    model::WorkspaceId workspace,
    std::vector<model::UserId> ids
) {
    return database_.read(read_users, workspace, std::move(ids));
}

Task<std::optional<model::Workspace>> SqlUserStore::find_workspace(model::WorkspaceId workspace) {
    return database_.read(sql::find_workspace, workspace);
}

Task<bool> SqlUserStore::has_owner(model::WorkspaceId workspace) {
    return database_.read(find_any_owner, workspace);
}

}  // namespace banter::sql
