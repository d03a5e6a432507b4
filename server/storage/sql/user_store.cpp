#include "storage/sql/user_store.hpp"

#include "model/limits.hpp"

#include <utility>

namespace banter::sql {

namespace {

#define BANTER_USER_COLUMNS                                                         \
    "u.id, u.workspace_id, u.role, u.handle, u.display_name, u.avatar_url, u.bot, " \
    "u.status_emoji, u.status_text, u.status_expires_at, u.deleted_at, u.local "

// users_by_handle.
constexpr Statement find_by_handle{"SELECT " BANTER_USER_COLUMNS
                                   "FROM users u WHERE u.workspace_id = $1 AND u.handle = $2"};

// The primary key.
constexpr Statement find_by_id{"SELECT " BANTER_USER_COLUMNS
                               "FROM users u WHERE u.id = $1 AND u.workspace_id = $2"};

// The primary key of identities, then of users.
constexpr Statement find_user_of_identity{
    "SELECT " BANTER_USER_COLUMNS
    "FROM identities i JOIN users u ON u.id = i.user_id "
    "WHERE i.workspace_id = $1 AND i.issuer = $2 AND i.subject = $3"};

constexpr Statement add_user{
    "INSERT INTO users (id, workspace_id, role, local, handle, display_name, bot, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, 0, $7)"};

constexpr Statement add_credentials{
    "INSERT INTO credentials (user_id, password_hash) VALUES ($1, $2)"};

constexpr Statement add_identity{
    "INSERT INTO identities (workspace_id, issuer, subject, user_id) VALUES ($1, $2, $3, $4)"};

// users_by_handle, then the primary key of credentials.
constexpr Statement find_password{
    "SELECT u.id, u.workspace_id, c.password_hash FROM users u "
    "JOIN credentials c ON c.user_id = u.id WHERE u.workspace_id = $1 AND u.handle = $2"};

// The primary key.
constexpr Statement find_living_sign_in{
    "SELECT 1 FROM sign_ins WHERE id = $1 AND user_id = $2 AND expires_at > $3"};

// The primary key.
constexpr Statement workspace_by_id{"SELECT id, name FROM workspaces WHERE id = $1"};

// users_owners.
constexpr Statement find_owner{"SELECT 1 FROM users WHERE workspace_id = $1 AND role = 0 LIMIT 1"};

static_assert(static_cast<int>(model::WorkspaceRole::owner) == 0, "users_owners counts on it");

struct KnownUser {
    model::User user;
    bool local = false;
};

std::optional<model::UserStatus> status_from(Row& row) {
    auto emoji = row.optional_text();
    auto text = row.optional_text();
    const auto expires_at = row.optional_time();
    if (!emoji && !text) return std::nullopt;
    return model::UserStatus{emoji.value_or(""), text.value_or(""), expires_at};
}

KnownUser user_from(Row row) {
    KnownUser out;
    out.user.id = row.id<model::UserId>();
    out.user.workspace = row.id<model::WorkspaceId>();
    out.user.role = row.choice<model::WorkspaceRole>();
    out.user.handle = row.text();
    out.user.display_name = row.text();
    out.user.avatar_url = row.optional_text();
    out.user.bot = row.flag();
    out.user.status = status_from(row);
    out.user.deleted_at = row.optional_time();
    out.local = row.flag();
    return out;
}

std::optional<KnownUser> first_user(Rows rows) {
    if (rows.empty()) return std::nullopt;
    return user_from(rows[0]);
}

Task<bool> find_any_owner(Connection& connection, model::WorkspaceId workspace) {
    const Rows rows = co_await connection.query(find_owner, workspace);
    co_return !rows.empty();
}

struct NewUser {
    model::UserId id;
    model::WorkspaceId workspace;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    bool local = false;
    std::string handle;
    std::string display_name;
    Timestamp created_at;
};

Task<model::User> make_user(Connection& connection, NewUser user) {
    co_await connection.query(
        add_user,
        user.id,
        user.workspace,
        user.role,
        user.local,
        user.handle,
        user.display_name,
        user.created_at
    );
    auto made = first_user(co_await connection.query(find_by_id, user.id, user.workspace));
    CHECK(made.has_value());
    co_return std::move(made->user);
}

Task<Result<model::User>> create_account(
    Connection& connection,
    Outbox&,
    storage::NewAccount account
) {
    const Rows taken = co_await connection.query(find_by_handle, account.workspace, account.handle);
    if (!taken.empty()) co_return Error{Errc::conflict, "handle: it is taken"};
    NewUser user;
    user.id = account.id;
    user.workspace = account.workspace;
    user.local = true;
    user.handle = std::move(account.handle);
    user.display_name = std::move(account.display_name);
    user.created_at = account.created_at;
    const bool first = !co_await find_any_owner(connection, account.workspace);
    if (first) user.role = model::WorkspaceRole::owner;
    auto made = co_await make_user(connection, std::move(user));
    co_await connection.query(add_credentials, account.id, account.password_hash);
    co_return std::move(made);
}

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

Task<std::optional<storage::KnownCaller>> read_caller(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user,
    std::optional<model::SignInId> sign_in,
    Timestamp now
) {
    auto known = first_user(co_await connection.query(find_by_id, user, workspace));
    if (!known) co_return std::nullopt;
    storage::KnownCaller caller{std::move(known->user), true};
    if (sign_in) {
        const Rows living = co_await connection.query(find_living_sign_in, *sign_in, user, now);
        caller.signed_in = !living.empty();
    }
    co_return std::move(caller);
}

Task<std::optional<model::User>> read_by_identity(
    Connection& connection,
    model::WorkspaceId workspace,
    storage::Identity identity
) {
    auto known = first_user(co_await connection.query(
        find_user_of_identity, workspace, identity.issuer, identity.subject
    ));
    if (!known) co_return std::nullopt;
    co_return std::move(known->user);
}

/// "name", or the first of "name-2", "name-3" … that is free, within the longest handle.
Task<std::string> free_handle(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string wanted
) {
    std::string handle = wanted;
    for (std::uint64_t suffix = 2;; ++suffix) {
        const Rows taken = co_await connection.query(find_by_handle, workspace, handle);
        if (taken.empty()) co_return handle;
        const std::string tail = "-" + std::to_string(suffix);
        handle = wanted.substr(0, model::limits::handle_bytes_max - tail.size()) + tail;
    }
}

Task<model::User> find_or_make(Connection& connection, Outbox&, storage::NewIdentity wanted) {
    auto known = co_await read_by_identity(connection, wanted.workspace, wanted.identity);
    if (known) co_return std::move(*known);

    if (wanted.bind_local_handle) {
        auto local =
            first_user(co_await connection.query(find_by_handle, wanted.workspace, wanted.handle));
        if (local && local->local && !local->user.deleted_at) known = std::move(local->user);
    }
    if (!known) {
        NewUser user;
        user.id = wanted.id;
        user.workspace = wanted.workspace;
        user.local = wanted.bind_local_handle;
        user.handle = co_await free_handle(connection, wanted.workspace, wanted.handle);
        user.display_name = wanted.display_name;
        user.created_at = wanted.created_at;
        known = co_await make_user(connection, std::move(user));
    }
    co_await connection.query(
        add_identity, wanted.workspace, wanted.identity.issuer, wanted.identity.subject, known->id
    );
    co_return std::move(*known);
}

Task<std::vector<model::User>> read_users(
    Connection& connection,
    model::WorkspaceId workspace,
    std::vector<model::UserId> ids
) {
    std::vector<model::User> users;
    for (const auto& id : ids) {
        auto known = first_user(co_await connection.query(find_by_id, id, workspace));
        if (known) users.push_back(std::move(known->user));
    }
    co_return users;
}

Task<std::optional<model::Workspace>> read_workspace(
    Connection& connection,
    model::WorkspaceId workspace
) {
    Rows rows = co_await connection.query(workspace_by_id, workspace);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    model::Workspace found;
    found.id = row.id<model::WorkspaceId>();
    found.name = row.text();
    co_return std::move(found);
}

}  // namespace

Task<Result<model::User>> SqlUserStore::register_account(storage::NewAccount account) {
    return database_.write(create_account, std::move(account));
}

Task<std::optional<storage::Credentials>> SqlUserStore::find_credentials(std::string handle) {
    return database_.read(read_credentials, default_workspace_, std::move(handle));
}

Task<std::optional<storage::KnownCaller>> SqlUserStore::find_caller(
    model::WorkspaceId workspace,
    model::UserId user,
    std::optional<model::SignInId> sign_in,
    Timestamp now
) {
    return database_.read(read_caller, workspace, user, sign_in, now);
}

Task<std::optional<model::User>> SqlUserStore::find_by_identity(
    model::WorkspaceId workspace,
    storage::Identity identity
) {
    return database_.read(read_by_identity, workspace, std::move(identity));
}

Task<model::User> SqlUserStore::provision(storage::NewIdentity identity) {
    return database_.write(find_or_make, std::move(identity));
}

Task<std::vector<model::User>> SqlUserStore::find_all(
    model::WorkspaceId workspace,
    std::vector<model::UserId> ids
) {
    return database_.read(read_users, workspace, std::move(ids));
}

Task<std::optional<model::Workspace>> SqlUserStore::find_workspace(model::WorkspaceId workspace) {
    return database_.read(read_workspace, workspace);
}

Task<bool> SqlUserStore::has_owner(model::WorkspaceId workspace) {
    return database_.read(find_any_owner, workspace);
}

}  // namespace banter::sql
