#include "storage/postgres/migrate.hpp"

#include "base/log.hpp"
#include "storage/postgres/advisory_locks.hpp"
#include "storage/postgres/node_locks.hpp"
#include "storage/postgres/trouble.hpp"
#include "storage/sql/installation.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace banter::postgres {

namespace {

constexpr const char* offer_issuer_key =
    "UPDATE installation SET issuer_key = $1 WHERE issuer_key IS NULL";
constexpr const char* find_issuer_key = "SELECT issuer_key FROM installation";
// Asked again and again: CREATE INDEX CONCURRENTLY would wait for a statement that waits.
constexpr const char* try_to_migrate =
    "SELECT CASE WHEN pg_try_advisory_lock" BANTER_MIGRATING " THEN 1 ELSE 0 END";
constexpr const char* pause = "SELECT 1 FROM pg_sleep(0.1)";
constexpr const char* let_others_go_on =
    "SELECT CASE WHEN pg_advisory_unlock" BANTER_MIGRATING " THEN 1 ELSE 0 END";

constexpr const char* find_our_table =
    "SELECT CASE WHEN to_regclass('banter_migrations') IS NULL THEN 0 ELSE 1 END";

// What extensions have brought doesn't count.
constexpr const char* find_other_tables =
    "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = "
    "(SELECT n.oid FROM pg_namespace n WHERE n.nspname = current_schema()) "
    "AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT 1 FROM pg_depend d "
    "WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') LIMIT 1";

constexpr const char* find_right_to_make_tables =
    "SELECT CASE WHEN current_schema() IS NOT NULL "
    "AND has_schema_privilege(current_schema(), 'CREATE') THEN 1 ELSE 0 END";

constexpr const char* make_our_table =
    "CREATE TABLE banter_migrations (version bigint NOT NULL PRIMARY KEY, name text NOT NULL)";

constexpr const char* find_version = "SELECT count(*) FROM banter_migrations";

constexpr const char* note_version =
    "INSERT INTO banter_migrations (version, name) VALUES ($1, $2)";

// What other nodes ask of a table waits behind whoever waits to change it, and is refused after
// PostgresOptions::statement_time.
constexpr const char* wait_briefly = "SET LOCAL lock_timeout = '200ms'";
constexpr const char* let_others_work = "SELECT 1 FROM pg_sleep(2)";
constexpr std::string_view not_had_in_time = "55P03";  // lock_not_available

// An index takes as long as it takes, whatever the default of the role is.
constexpr const char* take_time = "SET statement_timeout = 0";
// Else the server would go on for a node that was killed, and keep what that had locked.
constexpr const char* end_with_us = "SET client_connection_check_interval = '1s'";

/// A script that begins so is run outside of a transaction, a statement at a time, as its locks
/// would be held for as long as all of it takes. After an interruption it runs again from its
/// beginning.
constexpr std::string_view outside_of_transaction = "-- Outside of a transaction.\n";
constexpr std::string_view end_of_statement = ";\n";

/// Others wait as long as this lives.
class MigrationLock {
public:
    explicit MigrationLock(Session& session) : session_(session) {
        while (!session_.query(try_to_migrate)[0].flag()) (void)session_.query(pause);
    }
    ~MigrationLock() {
        try {
            (void)session_.query(let_others_go_on);
        } catch (const std::exception&) {
            // The session is over, and the lock with it.
        }
    }
    MigrationLock(const MigrationLock&) = delete;
    MigrationLock& operator=(const MigrationLock&) = delete;

private:
    Session& session_;
};

/// Taken back when it ends without commit().
class SessionTransaction {
public:
    explicit SessionTransaction(Session& session) : session_(session) { session_.run("BEGIN"); }
    ~SessionTransaction() {
        if (committed_) return;
        try {
            session_.run("ROLLBACK");
        } catch (const std::exception&) {
            // The session is over, and the transaction with it.
        }
    }
    SessionTransaction(const SessionTransaction&) = delete;
    SessionTransaction& operator=(const SessionTransaction&) = delete;

    void commit() {
        session_.run("COMMIT");
        committed_ = true;
    }

private:
    Session& session_;
    bool committed_ = false;
};

void require_room(Session& session) {
    sql::Rows others = session.query(find_other_tables);
    if (!others.empty()) {
        throw std::runtime_error(
            "the database " + session.database() + " is not one of Banter: it has a table " +
            others[0].text() + "; make an empty database, and name it in --database"
        );
    }
    if (!session.query(find_right_to_make_tables)[0].flag()) {
        throw std::runtime_error(
            session.user() + " may make no tables in the database " + session.database() +
            ": make the user its owner"
        );
    }
}

void make_installation(Session& session, const Clock& clock, Random& random) {
    const sql::FirstRows rows(clock, random);
    SessionTransaction transaction(session);
    (void)session.query(sql::add_workspace, rows.workspace);
    (void)session.query(sql::add_installation, rows.installation);
    transaction.commit();
}

void run_outside_of_transaction(Session& session, std::string_view script) {
    for (std::size_t at = 0; at < script.size();) {
        const std::size_t end = std::min(script.find(end_of_statement, at), script.size());
        session.run(std::string(script.substr(at, end - at)).c_str());
        at = end + end_of_statement.size();
    }
}

void apply(Session& session, std::int64_t version) {
    const Migration& migration = migrations()[static_cast<std::size_t>(version)];
    sql::Parameters noted;
    noted.push_back(sql::to_value(version + 1));
    noted.push_back(sql::to_value(std::string(migration.name)));
    const std::string_view text = migration.text;
    const bool alone = text.starts_with(outside_of_transaction);
    if (alone) run_outside_of_transaction(session, text);
    SessionTransaction transaction(session);
    session.run(wait_briefly);
    if (version == 0) session.run(make_our_table);
    if (!alone) session.run(migration.text);
    (void)session.query(note_version, noted);
    transaction.commit();
}

/// As often as it takes to get the locks.
void apply_patiently(Session& session, std::int64_t version) {
    for (bool said = false;; said = true) {
        try {
            return apply(session, version);
        } catch (const Refused& refused) {
            const bool waits = refused.sqlstate() == not_had_in_time || refused.is_conflict();
            if (!waits || refused.is_constraint()) throw;
        }
        if (!said) {
            log::warning(
                "a migration waits: somebody holds a lock on a table, such as pg_dump or a long "
                "transaction",
                {{"database", session.database()}}
            );
        }
        (void)session.query(let_others_work);
    }
}

void prepare(Session& session) {
    session.run(take_time);
    try {
        session.run(end_with_us);
    } catch (const Refused&) {
        // Not every system can tell the server that its client is gone.
    }
}

}  // namespace

void require_known(Session& session) {
    if (!session.query(find_our_table)[0].flag())
        throw std::runtime_error("the database " + session.database() + " is not one of Banter");
    const auto known = static_cast<std::int64_t>(migrations().size());
    const std::int64_t version = session.query(find_version)[0].integer();
    if (version <= known) return;
    throw std::runtime_error(
        "the database " + session.database() + " was written by a newer Banter (schema " +
        std::to_string(version) + ", this one knows " + std::to_string(known) +
        "): use that version"
    );
}

void migrate(Session& session) {
    const MigrationLock lock(session);
    std::int64_t version = 0;
    if (session.query(find_our_table)[0].flag()) {
        require_known(session);
        version = session.query(find_version)[0].integer();
    } else {
        require_room(session);
    }
    const auto known = static_cast<std::int64_t>(migrations().size());
    if (version < known) prepare(session);
    for (; version < known; ++version) apply_patiently(session, version);
}

storage::Installation open_installation(Session& session, const Clock& clock, Random& random) {
    const MigrationLock lock(session);
    sql::Rows rows = session.query(sql::find_installation);
    if (rows.empty()) {
        make_installation(session, clock, random);
        rows = session.query(sql::find_installation);
    }
    return sql::installation_from(rows[0]);
}

std::string share_issuer_key(const std::string& url, const std::string& own) {
    Session session(targets_of(url));
    if (!own.empty()) {
        const sql::Parameters parameters(1, sql::to_value(own));
        (void)session.query(offer_issuer_key, parameters);
    }
    return session.query(find_issuer_key)[0].text_or_empty();
}

std::string renew_epoch(const std::string& url, Random& random) {
    Session session(targets_of(url));
    require_known(session);
    require_no_node(session);
    std::string epoch = sql::make_epoch(random);
    const sql::Parameters parameters(1, sql::to_value(epoch));
    (void)session.query(sql::set_epoch, parameters);
    return epoch;
}

}  // namespace banter::postgres
