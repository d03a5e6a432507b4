#include "storage/sql/account_deletion.hpp"

#include "storage/sql/departures.hpp"
#include "storage/sql/ending.hpp"
#include "storage/sql/identity_states.hpp"
#include "storage/sql/user_rows.hpp"
#include "storage/sql/user_terms.hpp"

#include <string>
#include <utility>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement write_deleted{
    "UPDATE users SET role = $2, handle = $3, display_name = '', avatar_url = NULL, "
    "status_emoji = NULL, status_text = NULL, status_expires_at = NULL, deactivated_at = NULL, "
    "deleted_at = $4 WHERE id = $1"};
constexpr Statement drop_credentials{"DELETE FROM credentials WHERE user_id = $1"};
constexpr Statement has_password{
    "SELECT 1 FROM credentials WHERE user_id = $1 AND password_hash = $2"};

constexpr Statement has_any_password{"SELECT 1 FROM credentials WHERE user_id = $1"};

/// "deleted-" and what fits of the id: its last part is random.
std::string deleted_handle(model::UserId user) {
    constexpr std::size_t digits = 24;
    std::string hex = user.text();
    std::erase(hex, '-');
    return "deleted-" + hex.substr(hex.size() - digits);
}

Task<bool> is_proven(Connection& connection, storage::AccountDeletion deletion) {
    if (!deletion.password_hash) {
        const Rows any = co_await connection.query(has_any_password, deletion.user);
        co_return any.empty();
    }
    const Rows same =
        co_await connection.query(has_password, deletion.user, *deletion.password_hash);
    co_return !same.empty();
}

}  // namespace

Task<Result<model::User>> delete_account(
    Connection& connection,
    Outbox& outbox,
    storage::AccountDeletion deletion,
    storage::UserRule rule
) {
    const auto state = co_await find_user_state(connection, deletion.workspace, deletion.user);
    if (!state) co_return no_such_user();
    if (auto refused = rule(*state)) co_return std::move(*refused);
    const bool proven = co_await is_proven(connection, deletion);
    if (!proven) {
        co_return Error{Errc::bad_credentials, "password: it is another by now"};
    }
    auto handle =
        co_await free_handle(connection, deletion.workspace, deleted_handle(deletion.user));
    const auto role = model::WorkspaceRole::member;
    co_await connection.query(write_deleted, deletion.user, role, std::move(handle), deletion.now);
    co_await connection.query(drop_credentials, deletion.user);
    co_await drop_terms(connection, deletion.user);
    co_await forget_names_of(connection, deletion.user);
    co_await begin_departure(connection, deletion.user, deletion.erase);
    auto gone =
        first_user(co_await connection.query(user_by_id, deletion.user, deletion.workspace));
    CHECK(gone.has_value());
    tell_user(outbox, gone->user);
    const auto reason = model::RevocationReason::deleted;
    co_await end_all_access(connection, outbox, deletion.user, reason, deletion.now);
    co_return std::move(gone->user);
}

}  // namespace banter::sql
