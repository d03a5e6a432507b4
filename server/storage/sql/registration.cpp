#include "storage/sql/registration.hpp"

#include "storage/sql/invites.hpp"
#include "storage/sql/user_rows.hpp"
#include "storage/sql/user_terms.hpp"

#include <utility>

namespace banter::sql {

namespace {

constexpr Statement write_user{
    "INSERT INTO users (id, workspace_id, role, local, handle, display_name, avatar_url, bot, "
    "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};

constexpr Statement write_credentials{
    "INSERT INTO credentials (user_id, password_hash) VALUES ($1, $2)"};

// users_owners.
constexpr Statement find_owner{"SELECT 1 FROM users WHERE workspace_id = $1 AND role = 0 LIMIT 1"};

static_assert(static_cast<int>(model::WorkspaceRole::owner) == 0, "users_owners counts on it");

// The primary key.
constexpr Statement workspace_by_id{"SELECT id, name, sign_up FROM workspaces WHERE id = $1"};
constexpr Statement write_set_up{"UPDATE workspaces SET name = $2, sign_up = $3 WHERE id = $1"};

struct Decision {
    model::RegistrationState state;
    std::optional<OpenInvite> invite;
};

Task<Decision> look_at(Connection& connection, storage::NewAccount account) {
    Decision decision;
    decision.state.has_owner = co_await find_any_owner(connection, account.workspace);
    const auto workspace = co_await find_workspace(connection, account.workspace);
    CHECK(workspace.has_value());
    decision.state.sign_up = workspace->sign_up;
    if (account.invite) {
        decision.invite = co_await find_open_invite(
            connection, account.workspace, *account.invite, account.created_at
        );
    }
    decision.state.invited = decision.invite.has_value();
    co_return decision;
}

NewUser user_of(const storage::NewAccount& account, const Decision& decision) {
    NewUser user;
    user.id = account.id;
    user.workspace = account.workspace;
    user.local = true;
    user.handle = account.handle;
    user.display_name = account.display_name;
    user.created_at = account.created_at;
    if (decision.invite) user.role = decision.invite->role;
    if (!decision.state.has_owner) user.role = model::WorkspaceRole::owner;
    return user;
}

}  // namespace

Task<bool> find_any_owner(Connection& connection, model::WorkspaceId workspace) {
    const Rows rows = co_await connection.query(find_owner, workspace);
    co_return !rows.empty();
}

Task<std::optional<model::Workspace>> find_workspace(
    Connection& connection,
    model::WorkspaceId workspace
) {
    Rows rows = co_await connection.query(workspace_by_id, workspace);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    model::Workspace found;
    found.id = row.id<model::WorkspaceId>();
    found.name = row.text();
    if (!row.next_is_null()) found.sign_up = row.choice<model::SignUp>();
    co_return std::move(found);
}

Task<> add_user(Connection& connection, NewUser user) {
    co_await connection.query(
        write_user,
        user.id,
        user.workspace,
        user.role,
        user.local,
        user.handle,
        user.display_name,
        user.avatar_url,
        user.bot,
        user.created_at
    );
    model::User found_by;
    found_by.id = user.id;
    found_by.workspace = user.workspace;
    found_by.handle = std::move(user.handle);
    found_by.display_name = std::move(user.display_name);
    co_await write_terms(connection, std::move(found_by));
}

Task<Result<model::User>> add_user_by_free_handle(Connection& connection, NewUser user) {
    const model::UserId id = user.id;
    const model::WorkspaceId workspace = user.workspace;
    const Rows taken = co_await connection.query(user_by_handle, workspace, user.handle);
    if (!taken.empty()) co_return handle_taken();
    co_await add_user(connection, std::move(user));
    auto added = first_user(co_await connection.query(user_by_id, id, workspace));
    CHECK(added.has_value());
    co_return std::move(added->user);
}

Task<Result<model::User>> create_account(
    Connection& connection,
    Outbox& outbox,
    storage::NewAccount account,
    storage::RegistrationRule rule
) {
    const auto decision = co_await look_at(connection, account);
    if (auto refused = rule(decision.state)) co_return std::move(*refused);
    auto user = user_of(account, decision);
    auto made = co_await add_user_by_free_handle(connection, std::move(user));
    if (!made) co_return made;
    co_await connection.query(write_credentials, account.id, account.password_hash);
    if (account.set_up) {
        const storage::SetUpChoices& chosen = *account.set_up;
        co_await connection.query(
            write_set_up, account.workspace, chosen.workspace_name, chosen.sign_up
        );
    }
    if (decision.invite) {
        co_await use_invite(connection, outbox, *decision.invite, account.id, account.created_at);
    }
    co_return made;
}

}  // namespace banter::sql
