// People as they stand in rows: the columns, and the statements that more than one store uses.
#pragma once

#include "model/user.hpp"
#include "storage/sql/connection.hpp"
#include "storage/user_store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace banter::sql {

/// The columns of a user, in the order of user_row_from.
#define BANTER_USER_COLUMNS                                                         \
    "u.id, u.workspace_id, u.role, u.handle, u.display_name, u.avatar_url, u.bot, " \
    "u.status_emoji, u.status_text, u.status_expires_at, u.deactivated_at, u.deleted_at, u.local "

/// A user with what the stores alone need.
struct UserRow {
    model::User user;
    /// Made here, not by an issuer elsewhere.
    bool local = false;
};

[[nodiscard]] UserRow user_row_from(Row row);
[[nodiscard]] std::optional<UserRow> first_user(Rows rows);

/// The primary key. $1 the user, $2 the workspace.
extern const Statement user_by_id;
/// users_by_handle. $1 the workspace, $2 the handle.
extern const Statement user_by_handle;

[[nodiscard]] Error handle_taken();

/// "name", or one of "name-2", "name-3" … that is free (FreeNumber), within the longest handle.
/// users_by_handle.
[[nodiscard]] Task<std::string> free_handle(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string wanted
);

/// By primary keys: the user with the newest revocation of the same snapshot. `signed_in` says
/// whether there is still the workspace.
[[nodiscard]] Task<std::optional<storage::KnownCaller>> find_known_caller(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user
);

}  // namespace banter::sql
