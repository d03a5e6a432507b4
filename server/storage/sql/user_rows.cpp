#include "storage/sql/user_rows.hpp"

#include "model/limits.hpp"
#include "storage/sql/free_number.hpp"
#include "storage/sql/revocations.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace banter::sql {

namespace {

// The primary keys of users and workspaces, and the end of that of revocations.
constexpr Statement caller_by_id{"SELECT " BANTER_NEWEST_REVOCATION
                                 ", w.name, w.gone, " BANTER_USER_COLUMNS
                                 "FROM users u JOIN workspaces w ON w.id = u.workspace_id "
                                 "WHERE u.id = $1 AND u.workspace_id = $2"};

std::optional<model::UserStatus> status_from(Row& row) {
    auto emoji = row.optional_text();
    auto text = row.optional_text();
    const auto expires_at = row.optional_time();
    if (!emoji && !text) return std::nullopt;
    return model::UserStatus{emoji.value_or(""), text.value_or(""), expires_at};
}

std::string numbered(std::string_view handle, std::uint64_t number) {
    const std::string tail = "-" + std::to_string(number);
    return std::string(handle.substr(0, model::limits::handle_bytes_max - tail.size())) + tail;
}

}  // namespace

const Statement user_by_id{"SELECT " BANTER_USER_COLUMNS
                           "FROM users u WHERE u.id = $1 AND u.workspace_id = $2"};

const Statement user_by_handle{"SELECT " BANTER_USER_COLUMNS
                               "FROM users u WHERE u.workspace_id = $1 AND u.handle = $2"};

UserRow user_row_from(Row row) {
    UserRow out;
    out.user.id = row.id<model::UserId>();
    out.user.workspace = row.id<model::WorkspaceId>();
    out.user.role = row.choice<model::WorkspaceRole>();
    out.user.handle = row.text();
    out.user.display_name = row.text();
    out.user.avatar_url = row.optional_text();
    out.user.bot = row.flag();
    out.user.status = status_from(row);
    out.user.deactivated_at = row.optional_time();
    out.user.deleted_at = row.optional_time();
    out.local = row.flag();
    return out;
}

std::optional<UserRow> first_user(Rows rows) {
    if (rows.empty()) return std::nullopt;
    return user_row_from(rows[0]);
}

Error handle_taken() { return {Errc::conflict, "handle: it is taken"}; }

Task<std::string> free_handle(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string wanted
) {
    const Rows same = co_await connection.query(user_by_handle, workspace, wanted);
    if (same.empty()) co_return wanted;
    FreeNumber number;
    while (!number.found()) {
        std::string handle = numbered(wanted, number.next());
        const Rows taken = co_await connection.query(user_by_handle, workspace, handle);
        number.note(!taken.empty());
    }
    co_return numbered(wanted, *number.found());
}

Task<std::optional<storage::KnownCaller>> find_known_caller(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user
) {
    Rows rows = co_await connection.query(caller_by_id, user, workspace);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    storage::KnownCaller caller;
    caller.newest_revocation = row.number();
    caller.workspace_name = row.text();
    caller.signed_in = !row.flag();
    caller.user = user_row_from(std::move(row)).user;
    co_return std::move(caller);
}

}  // namespace banter::sql
