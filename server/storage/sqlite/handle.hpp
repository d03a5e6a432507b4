// One link to the database file, its prepared statements, and its errors as exceptions. For one
// thread of execution at a time.
#pragma once

#include "model/id.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banter::sqlite {

/// Throws what `code`, an error of SQLite on `database`, means: StorageFailure storage_full or
/// storage_unavailable, sql::ConstraintViolation, or std::runtime_error for a statement that is
/// wrong.
[[noreturn]] void throw_failure(sqlite3* database, int code);

class Handle {
public:
    struct Options {
        std::filesystem::path file;
        std::string vfs;
        std::size_t cache_bytes = 0;
        /// Refuses every statement that would change something.
        bool read_only = false;
        bool synchronous = true;
    };

    explicit Handle(const Options& options);

    /// Runs statements that take and give nothing.
    void run(const char* text);
    /// Whether a transaction is open. SQLite ends it by itself after some failures.
    [[nodiscard]] bool in_transaction() const;

    [[nodiscard]] sqlite3* raw() const { return database_.get(); }
    /// SQLite's primary result code of the last call that failed.
    [[nodiscard]] int last_code() const { return sqlite3_errcode(raw()) & 0xFF; }

private:
    friend class Cursor;

    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    struct Prepared {
        std::unique_ptr<sqlite3_stmt, Finalize> statement;
        /// The N of each parameter "$N", in SQLite's own order.
        std::vector<std::size_t> parameters;
    };

    void open(const Options& options);
    [[nodiscard]] const Prepared& prepared(const char* text);

    std::unique_ptr<sqlite3, Close> database_;
    /// By the address of the text: statements are constants.
    boost::unordered_flat_map<const char*, std::unique_ptr<Prepared>> prepared_;
};

/// A prepared statement while it runs: bind, then step to each row. What was bound has to live as
/// long.
class Cursor {
public:
    Cursor(Handle& handle, const char* text);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    /// number: the N of "$N".
    void bind(std::size_t number, std::int64_t value);
    void bind(std::size_t number, std::string_view text);
    void bind(std::size_t number, const model::Uuid& id);
    void bind_bytes(std::size_t number, std::string_view bytes);
    void bind_null(std::size_t number);

    /// Whether there is a row now.
    [[nodiscard]] bool step();
    /// For statements that give no rows. False: a constraint refused it, and nothing was written.
    [[nodiscard]] bool try_run();
    /// As try_run, for statements that no constraint refuses.
    void run();

    [[nodiscard]] std::size_t columns() const;
    [[nodiscard]] int type(std::size_t column) const;
    [[nodiscard]] std::int64_t integer(std::size_t column) const;
    [[nodiscard]] std::string_view text(std::size_t column) const;
    [[nodiscard]] std::string_view bytes(std::size_t column) const;

private:
    void check(int code);
    /// SQLite's index of "$N", 0 if the statement doesn't name it.
    [[nodiscard]] int index_of(std::size_t number) const;

    Handle& handle_;
    const Handle::Prepared& prepared_;
    sqlite3_stmt* statement_;
};

}  // namespace banter::sqlite
