#include "storage/sql/sign_in_store.hpp"

#include "model/limits.hpp"
#include "storage/sql/pages.hpp"
#include "storage/sql/revocations.hpp"

#include <utility>

namespace banter::sql {

namespace {

using enum model::RevocationReason;

// sign_ins_by_expiry.
constexpr Statement drop_expired{"DELETE FROM sign_ins WHERE expires_at < $1"};

constexpr Statement add_sign_in{
    "INSERT INTO sign_ins (id, user_id, secret, created_at, expires_at, user_agent, address) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};

// The primary keys of users and credentials.
constexpr Statement find_who_may_sign_in{
    "SELECT 1 FROM users u LEFT JOIN credentials c ON c.user_id = u.id "
    "WHERE u.id = $1 AND u.deactivated_at IS NULL AND u.deleted_at IS NULL "
    "AND (c.password_hash = $2 OR $2 IS NULL)"};

// sign_ins_by_user from the newest on.
constexpr Statement sign_ins_of_user{
    "SELECT id, created_at, coalesce(rotated_at, created_at), expires_at, user_agent, address "
    "FROM sign_ins WHERE user_id = $1 AND id < $2 AND expires_at > $3 ORDER BY id DESC LIMIT $4"};

// sign_ins_by_user from the newest on. There are few: with each new one the oldest ends.
constexpr Statement sign_ins_beyond{
    "SELECT s.id, s.user_id, u.workspace_id FROM sign_ins s JOIN users u ON u.id = s.user_id "
    "WHERE s.user_id = $1 ORDER BY s.id DESC LIMIT 1000 OFFSET $2"};

// sign_ins_by_secret, then the primary key of users.
constexpr Statement find_by_secret{
    "SELECT s.id, s.user_id, u.workspace_id, s.secret, s.expires_at, s.rotated_at "
    "FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.secret = $1"};

// sign_ins_by_previous_secret, then the primary key of users.
constexpr Statement find_by_previous_secret{
    "SELECT s.id, s.user_id, u.workspace_id, s.secret, s.expires_at, s.rotated_at "
    "FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.previous_secret = $1"};

// The primary key of sign_ins.
constexpr Statement remember_spent{
    "INSERT INTO spent_secrets (secret, sign_in, spent_at) "
    "SELECT previous_secret, id, rotated_at FROM sign_ins "
    "WHERE id = $1 AND previous_secret IS NOT NULL"};
// spent_secrets_by_time.
constexpr Statement forget_spent{
    "DELETE FROM spent_secrets WHERE sign_in = $1 AND spent_at < "
    "(SELECT spent_at FROM spent_secrets WHERE sign_in = $1 ORDER BY spent_at DESC "
    "LIMIT 1 OFFSET $2)"};

// The primary keys of spent_secrets, sign_ins and users.
constexpr Statement find_by_spent_secret{
    "SELECT s.id, s.user_id, u.workspace_id, p.spent_at FROM spent_secrets p "
    "JOIN sign_ins s ON s.id = p.sign_in JOIN users u ON u.id = s.user_id WHERE p.secret = $1"};

// The primary key.
constexpr Statement replace_secret{
    "UPDATE sign_ins SET previous_secret = secret, secret = $2, rotated_at = $3, expires_at = $4 "
    "WHERE id = $1"};
constexpr Statement drop_sign_in{"DELETE FROM sign_ins WHERE id = $1"};

// The primary keys of sign_ins and users.
constexpr Statement find_by_id{
    "SELECT s.id, s.user_id, u.workspace_id FROM sign_ins s JOIN users u ON u.id = s.user_id "
    "WHERE s.id = $1 AND s.user_id = $2"};

struct KnownSignIn {
    storage::SignIn sign_in;
    storage::SecretHash secret;
    Timestamp expires_at;
    std::optional<Timestamp> rotated_at;
};

storage::SignIn sign_in_from(Row& row) {
    storage::SignIn sign_in;
    sign_in.id = row.id<model::SignInId>();
    sign_in.user = row.id<model::UserId>();
    sign_in.workspace = row.id<model::WorkspaceId>();
    return sign_in;
}

std::optional<KnownSignIn> known_from(Rows rows) {
    if (rows.empty()) return std::nullopt;
    Row row = rows[0];
    KnownSignIn known;
    known.sign_in = sign_in_from(row);
    known.secret = row.hash<std::tuple_size_v<storage::SecretHash>>();
    known.expires_at = row.time();
    known.rotated_at = row.optional_time();
    return known;
}

Error is_over() { return {Errc::unauthenticated, "the sign-in is over"}; }

/// With what was opened by it.
Task<> end_with(
    Connection& connection,
    Outbox& outbox,
    storage::SignIn sign_in,
    model::RevocationReason reason,
    Timestamp now
) {
    co_await connection.query(drop_sign_in, sign_in.id);
    model::Revocation revocation;
    revocation.user = sign_in.user;
    revocation.sign_in = sign_in.id;
    revocation.reason = reason;
    co_await revoke(connection, outbox, revocation, now);
}

Task<> end_oldest(Connection& connection, Outbox& outbox, model::UserId user, Timestamp now) {
    Rows rows = co_await connection.query(sign_ins_beyond, user, model::limits::sign_ins_max);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        co_await end_with(connection, outbox, sign_in_from(row), signed_out, now);
    }
}

Task<bool> create_sign_in(Connection& connection, Outbox& outbox, storage::NewSignIn sign_in) {
    co_await connection.query(drop_expired, sign_in.created_at);
    const Rows may =
        co_await connection.query(find_who_may_sign_in, sign_in.user, sign_in.password_hash);
    if (may.empty()) co_return false;
    co_await connection.query(
        add_sign_in,
        sign_in.id,
        sign_in.user,
        sign_in.secret,
        sign_in.created_at,
        sign_in.expires_at,
        sign_in.user_agent,
        sign_in.address
    );
    co_await end_oldest(connection, outbox, sign_in.user, sign_in.created_at);
    co_return true;
}

model::SignIn shown_from(Row& row, Cursor& cursor) {
    model::SignIn sign_in;
    sign_in.id = row.id<model::SignInId>();
    sign_in.created_at = row.time();
    sign_in.last_used_at = row.time();
    sign_in.expires_at = row.time();
    sign_in.user_agent = row.text();
    sign_in.address = row.text();
    cursor.text = sign_in.id.text();
    return sign_in;
}

Task<model::Page<model::SignIn>> list_sign_ins(
    Connection& connection,
    model::UserId user,
    Timestamp now,
    model::PageRequest page
) {
    const auto start = newest_below<model::SignInId>(page);
    if (!start) co_return model::Page<model::SignIn>{};
    Rows rows = co_await connection.query(sign_ins_of_user, user, *start, now, page.limit + 1);
    co_return page_of<model::SignIn>(std::move(rows), page.limit, shown_from);
}

/// `presented` is the secret from before the last rotation.
Task<std::optional<storage::Rotated>> rotate_again(
    Connection& connection,
    Outbox& outbox,
    KnownSignIn known,
    storage::Rotation rotation
) {
    if (known.expires_at <= rotation.now) co_return std::nullopt;
    CHECK(known.rotated_at.has_value());
    if (rotation.now - *known.rotated_at <= model::limits::refresh_grace) {
        co_return storage::Rotated{known.sign_in, rotation.replacement == known.secret};
    }
    co_await end_with(connection, outbox, known.sign_in, stolen, rotation.now);
    co_return std::nullopt;
}

/// `presented` may be a secret from before the previous one.
Task<std::optional<storage::Rotated>> rotate_spent(
    Connection& connection,
    Outbox& outbox,
    storage::Rotation rotation
) {
    Rows rows = co_await connection.query(find_by_spent_secret, rotation.presented);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    const storage::SignIn sign_in = sign_in_from(row);
    if (rotation.now - row.time() <= model::limits::refresh_grace) {
        co_return storage::Rotated{sign_in, false};
    }
    co_await end_with(connection, outbox, sign_in, stolen, rotation.now);
    co_return std::nullopt;
}

/// Nothing: there is no such sign-in, or the secret was a stolen one, which has ended it.
Task<std::optional<storage::Rotated>> rotate_secret(
    Connection& connection,
    Outbox& outbox,
    storage::Rotation rotation
) {
    auto known = known_from(co_await connection.query(find_by_secret, rotation.presented));
    if (known) {
        if (known->expires_at <= rotation.now) co_return std::nullopt;
        co_await connection.query(remember_spent, known->sign_in.id);
        co_await connection.query(
            forget_spent, known->sign_in.id, model::limits::spent_secrets_max
        );
        co_await connection.query(
            replace_secret,
            known->sign_in.id,
            rotation.replacement,
            rotation.now,
            rotation.expires_at
        );
        co_return storage::Rotated{known->sign_in, true};
    }
    known = known_from(co_await connection.query(find_by_previous_secret, rotation.presented));
    if (known) co_return co_await rotate_again(connection, outbox, *known, rotation);
    co_return co_await rotate_spent(connection, outbox, rotation);
}

Task<std::optional<storage::SignIn>> read_by_secret(
    Connection& connection,
    storage::SecretHash secret
) {
    auto known = known_from(co_await connection.query(find_by_secret, secret));
    if (!known) known = known_from(co_await connection.query(find_by_previous_secret, secret));
    if (known) co_return known->sign_in;
    Rows rows = co_await connection.query(find_by_spent_secret, secret);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    co_return sign_in_from(row);
}

Task<bool> end_sign_in(
    Connection& connection,
    Outbox& outbox,
    model::UserId user,
    model::SignInId id,
    Timestamp now
) {
    Rows rows = co_await connection.query(find_by_id, id, user);
    if (rows.empty()) co_return false;
    Row row = rows[0];
    co_await end_with(connection, outbox, sign_in_from(row), signed_out, now);
    co_return true;
}

Task<std::optional<storage::SignIn>> end_holder(
    Connection& connection,
    Outbox& outbox,
    storage::SecretHash secret,
    Timestamp now
) {
    auto known = known_from(co_await connection.query(find_by_secret, secret));
    if (!known) {
        known = known_from(co_await connection.query(find_by_previous_secret, secret));
    }
    if (!known) co_return std::nullopt;
    co_await end_with(connection, outbox, known->sign_in, signed_out, now);
    if (known->expires_at <= now) co_return std::nullopt;
    co_return known->sign_in;
}

Task<Result<storage::Rotated>> or_over(Task<std::optional<storage::Rotated>> rotation) {
    const auto rotated = co_await std::move(rotation);
    if (!rotated) co_return is_over();
    co_return *rotated;
}

}  // namespace

Task<bool> SqlSignInStore::create(storage::NewSignIn sign_in) {
    return database_.write(create_sign_in, std::move(sign_in));
}

Task<model::Page<model::SignIn>> SqlSignInStore::list(
    model::UserId user,
    Timestamp now,
    model::PageRequest page
) {
    return database_.read(list_sign_ins, user, now, std::move(page));
}

Task<std::optional<storage::SignIn>> SqlSignInStore::find_by_secret(storage::SecretHash secret) {
    return database_.read(read_by_secret, secret);
}

Task<Result<storage::Rotated>> SqlSignInStore::rotate(storage::Rotation rotation) {
    // The script returns no Error: a theft has to be written down.
    return or_over(database_.write(rotate_secret, rotation));
}

Task<bool> SqlSignInStore::end(model::UserId user, model::SignInId id, Timestamp now) {
    return database_.write(end_sign_in, user, id, now);
}

Task<std::optional<storage::SignIn>> SqlSignInStore::end_by_secret(
    storage::SecretHash secret,
    Timestamp now
) {
    return database_.write(end_holder, secret, now);
}

}  // namespace banter::sql
