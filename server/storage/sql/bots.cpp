#include "storage/sql/bots.hpp"

#include "storage/sql/ending.hpp"
#include "storage/sql/pages.hpp"
#include "storage/sql/registration.hpp"
#include "storage/sql/user_rows.hpp"

#include <utility>

namespace banter::sql {

namespace {

// users_bots from the newest on.
constexpr Statement bots_of_workspace{
    "SELECT " BANTER_USER_COLUMNS
    "FROM users u WHERE u.workspace_id = $1 AND u.bot = 1 AND u.id < $2 AND u.deleted_at IS NULL "
    "ORDER BY u.id DESC LIMIT $3"};

}  // namespace

Task<Result<model::User>> write_bot(Connection& connection, Outbox&, storage::NewBot made) {
    auto late = co_await still_may(connection, made.workspace, made.by);
    if (late) co_return std::move(*late);
    NewUser user;
    user.id = made.id;
    user.workspace = made.workspace;
    user.role = made.role;
    user.bot = true;
    user.handle = std::move(made.handle);
    user.display_name = std::move(made.display_name);
    user.avatar_url = std::move(made.avatar_url);
    user.created_at = made.created_at;
    co_return co_await add_user_by_free_handle(connection, std::move(user));
}

Task<model::Page<model::User>> read_bots(
    Connection& connection,
    model::WorkspaceId workspace,
    model::PageRequest page
) {
    const auto start = newest_below<model::UserId>(page);
    if (!start) co_return model::Page<model::User>{};
    Rows rows = co_await connection.query(bots_of_workspace, workspace, *start, page.limit + 1);
    auto read = [](Row& row, Cursor& cursor) {
        model::User bot = user_row_from(row).user;
        cursor.text = bot.id.text();
        return bot;
    };
    co_return page_of<model::User>(std::move(rows), page.limit, read);
}

}  // namespace banter::sql
