#include "storage/postgres/server_check.hpp"

#include <stdexcept>
#include <string>

namespace banter::postgres {

namespace {

constexpr int oldest_version = 150'000;

constexpr const char* read_setting = "SELECT current_setting($1)";

constexpr const char* read_recovery = "SELECT CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END";

std::string setting(Session& session, const std::string& name) {
    sql::Parameters parameters(1, sql::to_value(name));
    return session.query(read_setting, parameters)[0].text();
}

struct Promise {
    const char* setting;
    /// The only value that won't do.
    const char* broken_by;
    const char* otherwise;
    const char* change;
};

constexpr Promise promises[] = {
    {"fsync",
     "off",
     "a crash of its machine would damage the database",
     "set fsync = on in postgresql.conf"},
    {"full_page_writes",
     "off",
     "a crash of its machine could damage the database",
     "set full_page_writes = on in postgresql.conf"},
    {"synchronous_commit",
     "off",
     "messages that were acknowledged could be lost",
     "set synchronous_commit = on for this user, database and server"},
};

void require_durable(Session& session) {
    for (const Promise& promise : promises) {
        if (setting(session, promise.setting) != promise.broken_by) continue;
        throw std::runtime_error(
            std::string("the PostgreSQL server has ") + promise.setting + " = " +
            promise.broken_by + ", so that " + promise.otherwise + ": " + promise.change
        );
    }
}

}  // namespace

void require_version(int number, const std::string& name) {
    if (number >= oldest_version) return;
    throw std::runtime_error(
        "the PostgreSQL server is version " + name + ": Banter needs 15 or newer"
    );
}

void require_suitable(Session& session, bool takes_unsafe) {
    require_version(session.server_version(), setting(session, "server_version"));
    if (setting(session, "server_encoding") != "UTF8") {
        throw std::runtime_error(
            "the database " + session.database() + " has the encoding " +
            setting(session, "server_encoding") + ": make one with ENCODING 'UTF8'"
        );
    }
    if (session.query(read_recovery)[0].flag()) {
        throw std::runtime_error(
            "the PostgreSQL server is a standby and can't be written to: name the primary in "
            "--database"
        );
    }
    const std::string isolation = setting(session, "default_transaction_isolation");
    if (isolation != "read committed") {
        throw std::runtime_error(
            "the PostgreSQL server has default_transaction_isolation = '" + isolation +
            "': set it to 'read committed' for this user, database and server"
        );
    }
    if (setting(session, "default_transaction_read_only") != "off") {
        throw std::runtime_error(
            "the PostgreSQL server has default_transaction_read_only = on: set it to off for this "
            "user, database and server"
        );
    }
    if (!takes_unsafe) require_durable(session);
}

}  // namespace banter::postgres
