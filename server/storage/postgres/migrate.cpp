#include "storage/postgres/migrate.hpp"

#include "storage/postgres/advisory_locks.hpp"
#include "storage/postgres/node_locks.hpp"
#include "storage/sql/installation.hpp"

#include <stdexcept>

namespace banter::postgres {

namespace {

constexpr const char* offer_issuer_key =
    "UPDATE installation SET issuer_key = $1 WHERE issuer_key IS NULL";
constexpr const char* find_issuer_key = "SELECT issuer_key FROM installation";
constexpr const char* wait_for_others = "SELECT 1 FROM pg_advisory_lock" BANTER_MIGRATING;
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

/// Others wait as long as this lives.
class MigrationLock {
public:
    explicit MigrationLock(Session& session) : session_(session) {
        (void)session_.query(wait_for_others);
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

void apply(Session& session, std::int64_t version) {
    const Migration& migration = migrations()[static_cast<std::size_t>(version)];
    sql::Parameters noted;
    noted.push_back(sql::to_value(version + 1));
    noted.push_back(sql::to_value(std::string(migration.name)));
    SessionTransaction transaction(session);
    if (version == 0) session.run(make_our_table);
    session.run(migration.text);
    (void)session.query(note_version, noted);
    transaction.commit();
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
    for (; version < known; ++version) apply(session, version);
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
