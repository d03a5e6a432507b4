// SQLite as a sql::Connection: every statement is answered at once, on the calling thread of
// execution.
#pragma once

#include "base/task.hpp"
#include "storage/sql/connection.hpp"
#include "storage/sqlite/handle.hpp"

namespace banter::sqlite {

class SqliteConnection final : public sql::Connection {
public:
    explicit SqliteConnection(Handle& handle) : handle_(handle) {}

    [[nodiscard]] sql::Rows execute(const char* text, const sql::Parameters& parameters);

private:
    [[nodiscard]] Task<sql::Rows> run(const sql::Statement& statement, sql::Parameters parameters)
        override;

    Handle& handle_;
};

}  // namespace banter::sqlite
