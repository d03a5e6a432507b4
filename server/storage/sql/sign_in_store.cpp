#include "storage/sql/sign_in_store.hpp"

#include "model/limits.hpp"

#include <utility>

namespace banter::sql {

namespace {

// sign_ins_by_expiry.
constexpr Statement drop_expired{"DELETE FROM sign_ins WHERE expires_at < $1"};

constexpr Statement add_sign_in{
    "INSERT INTO sign_ins (id, user_id, secret, created_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5)"};

// sign_ins_by_secret, then the primary key of users.
constexpr Statement find_by_secret{
    "SELECT s.id, s.user_id, u.workspace_id, s.expires_at, s.rotated_at "
    "FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.secret = $1"};

// sign_ins_by_previous_secret, then the primary key of users.
constexpr Statement find_by_previous_secret{
    "SELECT s.id, s.user_id, u.workspace_id, s.expires_at, s.rotated_at "
    "FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.previous_secret = $1"};

// The primary key of sign_ins.
constexpr Statement remember_spent{
    "INSERT INTO spent_secrets (secret, sign_in) "
    "SELECT previous_secret, id FROM sign_ins WHERE id = $1 AND previous_secret IS NOT NULL"};

// The primary keys of spent_secrets and sign_ins.
constexpr Statement drop_by_spent{
    "DELETE FROM sign_ins WHERE id = (SELECT sign_in FROM spent_secrets WHERE secret = $1)"};

// The primary key.
constexpr Statement replace_secret{
    "UPDATE sign_ins SET previous_secret = secret, secret = $2, rotated_at = $3, expires_at = $4 "
    "WHERE id = $1"};
constexpr Statement drop_sign_in{"DELETE FROM sign_ins WHERE id = $1"};

struct KnownSignIn {
    storage::SignIn sign_in;
    Timestamp expires_at;
    std::optional<Timestamp> rotated_at;
};

std::optional<KnownSignIn> known_from(Rows rows) {
    if (rows.empty()) return std::nullopt;
    Row row = rows[0];
    KnownSignIn known;
    known.sign_in.id = row.id<model::SignInId>();
    known.sign_in.user = row.id<model::UserId>();
    known.sign_in.workspace = row.id<model::WorkspaceId>();
    known.expires_at = row.time();
    known.rotated_at = row.optional_time();
    return known;
}

Error is_over() { return {Errc::unauthenticated, "the sign-in is over"}; }

Task<bool> create_sign_in(Connection& connection, Outbox&, storage::NewSignIn sign_in) {
    co_await connection.query(drop_expired, sign_in.created_at);
    co_await connection.query(
        add_sign_in,
        sign_in.id,
        sign_in.user,
        sign_in.secret,
        sign_in.created_at,
        sign_in.expires_at
    );
    co_return true;
}

/// Nothing: there is no such sign-in, or the secret was a stolen one, which has ended it.
Task<std::optional<storage::Rotated>> rotate_secret(
    Connection& connection,
    Outbox&,
    storage::Rotation rotation
) {
    auto known = known_from(co_await connection.query(find_by_secret, rotation.presented));
    if (known) {
        if (known->expires_at <= rotation.now) co_return std::nullopt;
        co_await connection.query(remember_spent, known->sign_in.id);
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
    if (!known) {
        co_await connection.query(drop_by_spent, rotation.presented);
        co_return std::nullopt;
    }
    if (known->expires_at <= rotation.now) co_return std::nullopt;
    CHECK(known->rotated_at.has_value());
    if (rotation.now - *known->rotated_at <= model::limits::refresh_grace) {
        co_return storage::Rotated{known->sign_in, false};
    }
    co_await connection.query(drop_sign_in, known->sign_in.id);
    co_return std::nullopt;
}

Task<bool> end_sign_in(Connection& connection, Outbox&, model::SignInId id) {
    co_await connection.query(drop_sign_in, id);
    co_return true;
}

Task<std::optional<storage::SignIn>> end_holder(
    Connection& connection,
    Outbox&,
    storage::SecretHash secret,
    Timestamp now
) {
    auto known = known_from(co_await connection.query(find_by_secret, secret));
    if (!known) {
        known = known_from(co_await connection.query(find_by_previous_secret, secret));
    }
    if (!known) co_return std::nullopt;
    co_await connection.query(drop_sign_in, known->sign_in.id);
    if (known->expires_at <= now) co_return std::nullopt;
    co_return known->sign_in;
}

Task<> finished(Task<bool> written) { co_await std::move(written); }

Task<Result<storage::Rotated>> or_over(Task<std::optional<storage::Rotated>> rotation) {
    const auto rotated = co_await std::move(rotation);
    if (!rotated) co_return is_over();
    co_return *rotated;
}

}  // namespace

Task<> SqlSignInStore::create(storage::NewSignIn sign_in) {
    return finished(database_.write(create_sign_in, sign_in));
}

Task<Result<storage::Rotated>> SqlSignInStore::rotate(storage::Rotation rotation) {
    // The script returns no Error: a theft has to be written down.
    return or_over(database_.write(rotate_secret, rotation));
}

Task<> SqlSignInStore::end(model::SignInId id, Timestamp) {
    return finished(database_.write(end_sign_in, id));
}

Task<std::optional<storage::SignIn>> SqlSignInStore::end_by_secret(
    storage::SecretHash secret,
    Timestamp now
) {
    return database_.write(end_holder, secret, now);
}

}  // namespace banter::sql
