#include "storage/postgres/trouble.hpp"

#include "storage/sql/connection.hpp"

#include <optional>

namespace banter::postgres {

namespace {

/// PostgreSQL's manual, appendix A. Five characters, of which two are the class.
std::optional<Errc> failure_code(const std::string& state) {
    // disk_full; out of space while a file is extended is the same.
    if (state == "53100") return Errc::storage_full;
    // lock_not_available, query_canceled (statement_timeout), deadlock, serialization.
    if (state == "55P03" || state == "57014" || state.starts_with("40")) return Errc::busy;
    // insufficient_resources, operator_intervention, system_error, connection_exception,
    // idle_in_transaction_session_timeout, read_only_sql_transaction (it became a standby).
    if (state.starts_with("53") || state.starts_with("57") || state.starts_with("58") ||
        state.starts_with("08") || state == "25P03" || state == "25006") {
        return Errc::storage_unavailable;
    }
    return std::nullopt;
}

}  // namespace

bool Refused::is_conflict() const {
    // serialization_failure, deadlock_detected
    return sqlstate_ == "40001" || sqlstate_ == "40P01" || is_constraint();
}

bool Refused::ends_link() const {
    // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout
    return (sqlstate_.starts_with("57P") || sqlstate_ == "25006" || sqlstate_ == "25P03");
}

void throw_failure(const Refused& refused) {
    if (refused.is_constraint()) throw sql::ConstraintViolation(refused.what());
    if (const auto code = failure_code(refused.sqlstate())) {
        throw StorageFailure(*code, refused.what());
    }
    throw Refused(refused);
}

}  // namespace banter::postgres
