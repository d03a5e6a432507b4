#include "storage/sql/user_search.hpp"

#include "storage/sql/cursor.hpp"
#include "storage/sql/fold.hpp"
#include "storage/sql/user_rows.hpp"
#include "storage/sql/user_terms.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace banter::sql {

namespace {

/// Users that are looked at for one page, when most of them are not for the viewer.
constexpr std::size_t looked_at_max = 1'000;

/// Above every term that begins with a text: no name holds this character.
constexpr std::string_view above_all = "\U0010FFFF";

// A range of the primary key of user_terms from the cursor on, then the primary key of users.
constexpr Statement users_by_term{
    "SELECT t.term, " BANTER_USER_COLUMNS
    "FROM user_terms t JOIN users u ON u.id = t.user_id "
    "WHERE t.workspace_id = $1 AND t.term >= $2 AND t.term < $3 AND (t.term, t.user_id) > ($4, $5) "
    "ORDER BY t.term, t.user_id LIMIT $6"};

// users_in_order from the cursor on.
constexpr Statement users_by_handle{
    "SELECT u.handle, " BANTER_USER_COLUMNS
    "FROM users u WHERE u.workspace_id = $1 AND u.handle > $2 AND u.deleted_at IS NULL "
    "ORDER BY u.handle LIMIT $3"};

// members_by_user of the viewer, who is a guest and so in few threads, then the primary keys of
// members and threads. A join would leave it to what the database thinks of the two users whose
// threads are walked through.
constexpr Statement share_a_thread{
    "SELECT 1 FROM members mine WHERE mine.user_id = $1 "
    "AND (SELECT 1 FROM members theirs WHERE theirs.thread = mine.thread AND theirs.user_id = $2) "
    "= 1 "
    "AND (SELECT t.kind FROM threads t WHERE t.number = mine.thread) <> 3 LIMIT 1"};

static_assert(static_cast<int>(model::ThreadKind::reply) == 3, "share_a_thread counts on it");

/// Where a page begins: behind this term of this user. A cursor holds both, a line each.
struct Place {
    std::string term;
    model::UserId user;
};

std::optional<Place> start_of(const model::PageRequest& page) {
    if (!page.cursor) return Place{};
    const auto cursor = decode_cursor(*page.cursor);
    if (!cursor) return std::nullopt;
    const std::size_t line = cursor->text.find('\n');
    if (line == std::string::npos) return std::nullopt;
    const auto user = model::UserId::parse(cursor->text.substr(line + 1));
    if (!user) return std::nullopt;
    return Place{cursor->text.substr(0, line), *user};
}

std::string cursor_behind(const Place& place) {
    return encode_cursor({.text = place.term + '\n' + place.user.text()});
}

Task<Rows> read_candidates(
    Connection& connection,
    model::WorkspaceId workspace,
    std::string query,
    Place after,
    std::size_t count
) {
    if (query.empty()) {
        co_return co_await connection.query(users_by_handle, workspace, after.term, count);
    }
    std::string end = query;
    end += above_all;
    // PostgreSQL begins to read where the cursor is, also if that is far before the first match.
    if (after.term < query) after = Place{query, {}};
    co_return co_await connection.query(
        users_by_term, workspace, query, end, after.term, after.user, count
    );
}

/// Whoever matches by several terms stands at the first. That it is the first is seen from the
/// user: to ask the database is one more look-up for each.
bool stands_earlier(const std::string& query, const std::string& term, const model::User& user) {
    if (query.empty()) return false;  // by handles, of which everybody has one
    const auto terms = terms_of(user.handle, user.display_name);
    const auto first = std::lower_bound(terms.begin(), terms.end(), query);
    return first != terms.end() && *first < term && first->starts_with(query);
}

Task<bool> are_acquainted(Connection& connection, model::UserId viewer, model::UserId user) {
    if (viewer == user) co_return true;
    const Rows shared = co_await connection.query(share_a_thread, viewer, user);
    co_return !shared.empty();
}

Task<bool> is_shown(Connection& connection, storage::UserSearch search, model::User user) {
    if (user.deactivated_at && !search.shows_deactivated) co_return false;
    if (!search.only_acquainted) co_return true;
    co_return co_await are_acquainted(connection, search.viewer, user.id);
}

}  // namespace

Task<model::Page<model::User>> search_users(
    Connection& connection,
    storage::UserSearch search,
    model::PageRequest request
) {
    model::Page<model::User> page;
    auto place = start_of(request);
    if (!place) co_return page;
    const std::string query = folded(search.query);
    std::size_t looked_at = 0;
    while (looked_at < looked_at_max) {
        const std::size_t count = request.limit + 1;
        Rows rows = co_await read_candidates(connection, search.workspace, query, *place, count);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            Row row = rows[i];
            const std::string term = row.text();
            auto user = user_row_from(row).user;
            const bool stood_earlier = stands_earlier(query, term, user);
            if (!stood_earlier && page.items.size() == request.limit) {
                page.next = cursor_behind(*place);
                co_return page;
            }
            *place = {term, user.id};
            ++looked_at;
            if (stood_earlier) continue;
            const bool shown = co_await is_shown(connection, search, user);
            if (shown) page.items.push_back(std::move(user));
        }
        if (rows.size() < count) co_return page;
    }
    page.next = cursor_behind(*place);
    co_return page;
}

Task<std::vector<model::User>> read_acquainted(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId viewer,
    std::vector<model::UserId> ids
) {
    std::vector<model::User> users;
    for (const model::UserId& id : ids) {
        auto known = first_user(co_await connection.query(user_by_id, id, workspace));
        if (!known) continue;
        const bool acquainted = co_await are_acquainted(connection, viewer, id);
        if (acquainted) users.push_back(std::move(known->user));
    }
    co_return users;
}

}  // namespace banter::sql
