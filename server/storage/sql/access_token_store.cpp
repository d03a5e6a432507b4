#include "storage/sql/access_token_store.hpp"

#include "model/limits.hpp"
#include "storage/sql/ending.hpp"
#include "storage/sql/pages.hpp"
#include "storage/sql/revocations.hpp"
#include "storage/sql/user_rows.hpp"

#include <utility>

namespace banter::sql {

namespace {

// access_tokens_by_user.
constexpr Statement drop_expired{
    "DELETE FROM access_tokens WHERE user_id = $1 AND expires_at <= $2"};
constexpr Statement count_of_user{"SELECT count(*) FROM access_tokens WHERE user_id = $1"};

constexpr Statement add_token{
    "INSERT INTO access_tokens (id, user_id, name, secret, created_at, expires_at, scopes) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};

// The primary key.
constexpr Statement find_active_user{
    "SELECT workspace_id FROM users "
    "WHERE id = $1 AND deactivated_at IS NULL AND deleted_at IS NULL"};

// access_tokens_by_user from the newest on.
constexpr Statement tokens_of_user{
    "SELECT id, name, created_at, last_used_at, expires_at, scopes FROM access_tokens "
    "WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"};

// access_tokens_by_secret, then the primary key of users.
constexpr Statement find_by_secret{
    "SELECT t.user_id, u.workspace_id, t.id, t.name, t.created_at, t.last_used_at, t.expires_at, "
    "t.scopes FROM access_tokens t JOIN users u ON u.id = t.user_id "
    "WHERE t.secret = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)"};

// The primary key.
constexpr Statement drop_token{
    "DELETE FROM access_tokens WHERE id = $1 AND user_id = $2 RETURNING 1"};
constexpr Statement note_use{
    "UPDATE access_tokens SET last_used_at = $2 "
    "WHERE id = $1 AND coalesce(last_used_at, 0) <= $3"};

model::AccessToken token_from(Row& row) {
    model::AccessToken token;
    token.id = row.id<model::SignInId>();
    token.name = row.text();
    token.created_at = row.time();
    token.last_used_at = row.optional_time();
    token.expires_at = row.optional_time();
    if (!row.next_is_null()) token.scopes = model::Scopes(row.number());
    return token;
}

Task<Result<model::AccessToken>> create_token(
    Connection& connection,
    Outbox&,
    storage::NewAccessToken made
) {
    const model::AccessToken& token = made.token;
    Rows active = co_await connection.query(find_active_user, made.user);
    if (active.empty() && made.by) co_return Error{Errc::conflict, "the bot is deactivated"};
    if (active.empty()) co_return Error{Errc::unauthenticated, "the account is closed"};
    const auto workspace = active[0].id<model::WorkspaceId>();
    auto late = co_await still_may(connection, workspace, made.by);
    if (late) co_return std::move(*late);
    co_await connection.query(drop_expired, made.user, token.created_at);
    Rows count = co_await connection.query(count_of_user, made.user);
    if (count[0].number() >= model::limits::access_tokens_max) {
        co_return Error{Errc::too_large, "there are too many tokens; revoke one first"};
    }
    std::optional<std::uint64_t> scopes;
    if (token.scopes) scopes = token.scopes->bits();
    co_await connection.query(
        add_token,
        token.id,
        made.user,
        token.name,
        made.secret,
        token.created_at,
        token.expires_at,
        scopes
    );
    co_return std::move(made.token);
}

Task<model::Page<model::AccessToken>> list_tokens(
    Connection& connection,
    model::UserId user,
    model::PageRequest page
) {
    const auto start = newest_below<model::SignInId>(page);
    if (!start) co_return model::Page<model::AccessToken>{};
    Rows rows = co_await connection.query(tokens_of_user, user, *start, page.limit + 1);
    auto read = [](Row& row, Cursor& cursor) {
        model::AccessToken token = token_from(row);
        cursor.text = token.id.text();
        return token;
    };
    co_return page_of<model::AccessToken>(std::move(rows), page.limit, read);
}

Task<std::optional<storage::AccessTokenCaller>> find_token_caller(
    Connection& connection,
    storage::SecretHash secret,
    Timestamp now
) {
    Rows rows = co_await connection.query(find_by_secret, secret, now);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    const auto user = row.id<model::UserId>();
    const auto workspace = row.id<model::WorkspaceId>();
    auto caller = co_await find_known_caller(connection, workspace, user);
    if (!caller) co_return std::nullopt;
    co_return storage::AccessTokenCaller{token_from(row), std::move(*caller)};
}

Task<bool> end_token(
    Connection& connection,
    Outbox& outbox,
    model::UserId user,
    model::SignInId token,
    Timestamp now
) {
    const Rows dropped = co_await connection.query(drop_token, token, user);
    if (dropped.empty()) co_return false;
    model::Revocation revocation;
    revocation.user = user;
    revocation.sign_in = token;
    revocation.reason = model::RevocationReason::token_revoked;
    co_await revoke(connection, outbox, revocation, now);
    co_return true;
}

Task<bool> write_uses(Connection& connection, Outbox&, std::vector<storage::AccessTokenUse> uses) {
    for (const auto& use : uses) {
        const Timestamp due = use.at - model::limits::access_token_use_interval;
        co_await connection.query(note_use, use.token, use.at, due);
    }
    co_return true;
}

}  // namespace

Task<Result<model::AccessToken>> SqlAccessTokenStore::create(storage::NewAccessToken token) {
    return database_.write(create_token, std::move(token));
}

Task<model::Page<model::AccessToken>> SqlAccessTokenStore::list(
    model::UserId user,
    model::PageRequest page
) {
    return database_.read(list_tokens, user, std::move(page));
}

Task<std::optional<storage::AccessTokenCaller>> SqlAccessTokenStore::find_caller(
    storage::SecretHash secret,
    Timestamp now
) {
    return database_.read(find_token_caller, secret, now);
}

Task<bool> SqlAccessTokenStore::end(model::UserId user, model::SignInId token, Timestamp now) {
    return database_.write(end_token, user, token, now);
}

Task<> SqlAccessTokenStore::note_uses(std::vector<storage::AccessTokenUse> uses) {
    return finished(database_.write(write_uses, std::move(uses)));
}

}  // namespace banter::sql
