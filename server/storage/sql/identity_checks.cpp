#include "storage/sql/identity_checks.hpp"

#include <algorithm>
#include <utility>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement find_check{
    "SELECT due_at FROM identity_checks WHERE issuer = $1 AND subject = $2"};
constexpr Statement find_taken{
    "SELECT updated_at, gone FROM identity_states WHERE issuer = $1 AND subject = $2"};

constexpr Statement claim_check{
    "INSERT INTO identity_checks (issuer, subject, due_at) VALUES ($1, $2, $3) "
    "ON CONFLICT (issuer, subject) DO UPDATE SET due_at = excluded.due_at "
    "WHERE identity_checks.due_at <= $4 RETURNING 1"};
constexpr Statement note_check{
    "INSERT INTO identity_checks (issuer, subject, due_at) VALUES ($1, $2, $3) "
    "ON CONFLICT (issuer, subject) DO UPDATE SET due_at = excluded.due_at"};

// identities_by_subject from the subject on, then the primary key of identity_states. An identity
// may be known in several workspaces.
constexpr Statement list_known{
    "SELECT i.subject, MIN(COALESCE(s.updated_at, 0)) FROM identities i "
    "LEFT JOIN identity_states s ON s.issuer = i.issuer AND s.subject = i.subject "
    "WHERE i.issuer = $1 AND i.subject > $2 "
    "AND COALESCE(s.gone, 0) = 0 GROUP BY i.subject ORDER BY i.subject LIMIT $3"};

// The primary key. Nearly all are organizations of the one issuer that is asked.
constexpr Statement find_next_workspace{
    "SELECT id, COALESCE(issuer, ''), COALESCE(organization, ''), gone FROM workspaces "
    "WHERE id > $1 ORDER BY id LIMIT 1"};

// The primary key from the subject on.
constexpr Statement list_members_there{
    "SELECT subject, role, role_at FROM organization_members WHERE workspace_id = $1 "
    "AND subject > $2 AND (left_at IS NULL OR left_at < role_at) ORDER BY subject LIMIT $3"};

// The primary key. What is called issuer is the sweep's name.
constexpr Statement find_sweep{
    "SELECT due_at, claimed_until FROM identity_sweeps WHERE issuer = $1"};
constexpr Statement take_sweep{
    "INSERT INTO identity_sweeps (issuer, holder, claimed_until, after_subject, due_at) "
    "VALUES ($1, $2, $3, '', 0) ON CONFLICT (issuer) DO UPDATE SET "
    "holder = excluded.holder, claimed_until = excluded.claimed_until "
    "WHERE identity_sweeps.due_at <= $4 AND identity_sweeps.claimed_until <= $4 "
    "RETURNING after_subject"};
constexpr Statement save_sweep{
    "UPDATE identity_sweeps SET after_subject = $3, claimed_until = $4 "
    "WHERE issuer = $1 AND holder = $2 RETURNING 1"};
constexpr Statement finish_sweep{
    "UPDATE identity_sweeps SET after_subject = '', claimed_until = 0, due_at = $3 "
    "WHERE issuer = $1 AND holder = $2 RETURNING 1"};

Task<storage::IdentityCheck> read_check(
    Connection& connection,
    std::string issuer,
    std::string subject
) {
    storage::IdentityCheck check;
    Rows checks = co_await connection.query(find_check, issuer, subject);
    if (!checks.empty()) check.due_at = checks[0].time();
    Rows taken = co_await connection.query(find_taken, issuer, subject);
    if (taken.empty()) co_return check;
    Row row = taken[0];
    check.updated_at = row.time();
    check.gone = row.flag();
    co_return check;
}

Task<bool> write_claim(
    Connection& connection,
    Outbox&,
    std::string issuer,
    std::string subject,
    Timestamp now,
    Timestamp until
) {
    const Rows claimed = co_await connection.query(claim_check, issuer, subject, until, now);
    co_return !claimed.empty();
}

Task<bool> write_notes(
    Connection& connection,
    Outbox&,
    std::string issuer,
    std::vector<std::string> subjects,
    Timestamp due_at
) {
    for (const std::string& subject : subjects)
        co_await connection.query(note_check, issuer, subject, due_at);
    co_return true;
}

Task<std::vector<storage::KnownIdentity>> read_known(
    Connection& connection,
    std::string issuer,
    std::string after,
    std::size_t count_max
) {
    Rows rows = co_await connection.query(list_known, issuer, after, count_max);
    std::vector<storage::KnownIdentity> known(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        known[i].subject = row.text();
        known[i].updated_at = row.time();
    }
    co_return known;
}

Task<std::optional<storage::KnownOrganization>> read_next_organization(
    Connection& connection,
    std::string issuer,
    model::WorkspaceId after
) {
    storage::KnownOrganization next{after, {}};
    for (;;) {
        Rows rows = co_await connection.query(find_next_workspace, next.workspace);
        if (rows.empty()) co_return std::nullopt;
        Row row = rows[0];
        next.workspace = row.id<model::WorkspaceId>();
        const bool is_of_issuer = row.text() == issuer;
        next.organization = row.text();
        const bool is_gone = row.integer() != 0;
        if (is_of_issuer && !is_gone) co_return next;
    }
}

Task<std::vector<storage::KnownMember>> read_members(
    Connection& connection,
    model::WorkspaceId organization,
    std::string after,
    std::size_t count_max
) {
    Rows rows = co_await connection.query(list_members_there, organization, after, count_max);
    std::vector<storage::KnownMember> members(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        members[i].subject = row.text();
        members[i].role = row.choice<model::WorkspaceRole>();
        members[i].role_at = row.time();
    }
    co_return members;
}

Task<bool> is_sweep_due(Connection& connection, std::string name, Timestamp now) {
    Rows rows = co_await connection.query(find_sweep, name);
    if (rows.empty()) co_return true;
    Row row = rows[0];
    const Timestamp due_at = row.time();
    const Timestamp claimed_until = row.time();
    co_return due_at <= now&& claimed_until <= now;
}

Task<std::optional<storage::IdentitySweep>> write_sweep_claim(
    Connection& connection,
    Outbox&,
    storage::IdentitySweep sweep,
    Timestamp now,
    Timestamp until
) {
    Rows claimed = co_await connection.query(take_sweep, sweep.name, sweep.holder, until, now);
    if (claimed.empty()) co_return std::nullopt;
    sweep.after = claimed[0].text();
    co_return sweep;
}

Task<bool> write_progress(
    Connection& connection,
    Outbox&,
    storage::IdentitySweep sweep,
    Timestamp until
) {
    const Rows kept =
        co_await connection.query(save_sweep, sweep.name, sweep.holder, sweep.after, until);
    co_return !kept.empty();
}

Task<bool> write_end(
    Connection& connection,
    Outbox&,
    storage::IdentitySweep sweep,
    Timestamp due_at
) {
    const Rows ended = co_await connection.query(finish_sweep, sweep.name, sweep.holder, due_at);
    co_return !ended.empty();
}

}  // namespace

Task<storage::IdentityCheck> SqlIdentityCheckStore::find(std::string issuer, std::string subject) {
    return database_.read(read_check, std::move(issuer), std::move(subject));
}

Task<bool> SqlIdentityCheckStore::claim(
    std::string issuer,
    std::string subject,
    Timestamp now,
    Timestamp until
) {
    return database_.write_beside(write_claim, std::move(issuer), std::move(subject), now, until);
}

Task<> SqlIdentityCheckStore::note(
    std::string issuer,
    std::vector<std::string> subjects,
    Timestamp due_at
) {
    // In one order everywhere, so that two of them never wait for each other.
    std::ranges::sort(subjects);
    return finished(
        database_.write_beside(write_notes, std::move(issuer), std::move(subjects), due_at)
    );
}

Task<std::vector<storage::KnownIdentity>> SqlIdentityCheckStore::list(
    std::string issuer,
    std::string after,
    std::size_t count_max
) {
    return database_.read(read_known, std::move(issuer), std::move(after), count_max);
}

Task<std::optional<storage::KnownOrganization>> SqlIdentityCheckStore::next_organization(
    std::string issuer,
    model::WorkspaceId after
) {
    return database_.read(read_next_organization, std::move(issuer), after);
}

Task<std::vector<storage::KnownMember>> SqlIdentityCheckStore::members(
    model::WorkspaceId organization,
    std::string after,
    std::size_t count_max
) {
    return database_.read(read_members, organization, std::move(after), count_max);
}

Task<std::optional<storage::IdentitySweep>> SqlIdentityCheckStore::claim_sweep(
    std::string name,
    std::int64_t holder,
    Timestamp now,
    Timestamp until
) {
    // Most of the time it is not due: that is found without the writer.
    const bool due = co_await database_.read(is_sweep_due, name, now);
    if (!due) co_return std::nullopt;
    storage::IdentitySweep sweep{std::move(name), holder, {}};
    co_return co_await database_.write_beside(write_sweep_claim, std::move(sweep), now, until);
}

Task<bool> SqlIdentityCheckStore::keep_sweep(storage::IdentitySweep sweep, Timestamp until) {
    return database_.write_beside(write_progress, std::move(sweep), until);
}

Task<> SqlIdentityCheckStore::end_sweep(storage::IdentitySweep sweep, Timestamp due_at) {
    return finished(database_.write_beside(write_end, std::move(sweep), due_at));
}

}  // namespace banter::sql
