#include "storage/sql/revocations.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace banter::sql {

namespace {

// The end of the primary key gives the number.
constexpr Statement add_revocation{
    "INSERT INTO revocations (user_id, sign_in, others, reason, created_at) "
    "VALUES ($1, $2, $3, $4, $5) RETURNING number"};

// users_by_handle, of one workspace.
constexpr Statement add_revocations{
    "INSERT INTO revocations (user_id, others, reason, created_at) "
    "SELECT id, 0, CAST($4 AS bigint), CAST($5 AS bigint) FROM users "
    "WHERE workspace_id = $1 AND handle >= $2 AND handle <= $3 AND deleted_at IS NULL "
    "RETURNING number, user_id"};

// revocations_by_time from the oldest on; the primary key. Few at a time: each act drops more than
// it adds.
constexpr Statement drop_old{
    "DELETE FROM revocations WHERE number IN "
    "(SELECT number FROM revocations WHERE created_at < $1 ORDER BY created_at LIMIT 8) "
    "AND number < $2"};

// The primary key from the number on.
constexpr Statement revocations_after{
    "SELECT number, user_id, sign_in, others, reason FROM revocations WHERE number > $1 "
    "ORDER BY number LIMIT $2"};

model::Revocation revocation_from(Row row) {
    model::Revocation revocation;
    revocation.number = row.number();
    revocation.user = row.id<model::UserId>();
    revocation.sign_in = row.optional_id<model::SignInId>();
    revocation.others = row.flag();
    revocation.reason = row.choice<model::RevocationReason>();
    return revocation;
}

void tell_revocation(Outbox& outbox, const model::Revocation& revocation) {
    model::Event event;
    event.body = revocation;
    outbox.events.push_back(std::make_shared<const model::Event>(std::move(event)));
}

Task<std::vector<model::Revocation>> read_after(
    Connection& connection,
    std::uint64_t number,
    std::size_t count_max
) {
    Rows rows = co_await connection.query(revocations_after, number, count_max);
    std::vector<model::Revocation> revocations;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        revocations.push_back(revocation_from(rows[i]));
    }
    co_return revocations;
}

}  // namespace

Task<> revoke(Connection& connection, Outbox& outbox, model::Revocation revocation, Timestamp now) {
    CHECK(revocation.user.has_value());
    Rows added = co_await connection.query(
        add_revocation,
        *revocation.user,
        revocation.sign_in,
        revocation.others,
        revocation.reason,
        now
    );
    revocation.number = added[0].number();
    const Timestamp old = now - model::limits::revocations_kept;
    co_await connection.query(drop_old, old, revocation.number);
    tell_revocation(outbox, revocation);
}

Task<> revoke_all(
    Connection& connection,
    Outbox& outbox,
    UserRange users,
    model::RevocationReason reason,
    Timestamp now
) {
    Rows added = co_await connection.query(
        add_revocations, users.workspace, users.first, users.last, reason, now
    );
    std::vector<model::Revocation> revocations;
    for (std::size_t i = 0; i < added.size(); ++i) {
        Row row = added[i];
        model::Revocation& revocation = revocations.emplace_back();
        revocation.number = row.number();
        revocation.user = row.id<model::UserId>();
        revocation.reason = reason;
    }
    // Whoever has heard of one counts on having heard of those before.
    std::ranges::sort(revocations, {}, &model::Revocation::number);
    for (const model::Revocation& revocation : revocations) tell_revocation(outbox, revocation);
}

Task<std::vector<model::Revocation>> SqlRevocationStore::list_after(
    std::uint64_t number,
    std::size_t count_max
) {
    return database_.read(read_after, number, count_max);
}

}  // namespace banter::sql
