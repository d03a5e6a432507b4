#pragma once
// As little over SQLite's C interface as a loop needs. Any failure ends the program.

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace banter::bench {

[[noreturn]] inline void fail(const std::string& what) {
    std::fprintf(stderr, "bench_limit_sqlite_append: %s\n", what.c_str());
    std::exit(1);
}

class Statement {
public:
    Statement(sqlite3* database, const char* sql) : database_(database) {
        if (::sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) !=
            SQLITE_OK) {
            fail(::sqlite3_errmsg(database));
        }
    }

    ~Statement() { ::sqlite3_finalize(handle_); }

    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    template <class... Values>
    void run(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
        if (::sqlite3_step(handle_) != SQLITE_DONE) fail(::sqlite3_errmsg(database_));
        ::sqlite3_reset(handle_);
    }

private:
    template <std::size_t size>
    void bind(int index, const std::array<unsigned char, size>& bytes) {
        ::sqlite3_bind_blob(handle_, index, bytes.data(), size, SQLITE_STATIC);
    }

    void bind(int index, std::string_view text) {
        const int size = static_cast<int>(text.size());
        ::sqlite3_bind_text(handle_, index, text.data(), size, SQLITE_STATIC);
    }

    void bind(int index, std::int64_t value) { ::sqlite3_bind_int64(handle_, index, value); }

    sqlite3* database_;
    sqlite3_stmt* handle_ = nullptr;
};

/// The file, its schema and how large its WAL is.
class Database {
public:
    /// Opens a file that isn't there yet.
    Database(const std::string& path, const std::string& pragmas, const std::string& schema) {
        constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        if (::sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
            fail("cannot open " + path);
        }
        execute(pragmas);
        execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0");
        execute(schema);
        ::sqlite3_wal_hook(handle_, &Database::committed, this);
    }

    ~Database() { ::sqlite3_close(handle_); }

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& sql) {
        char* message = nullptr;
        if (::sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
            fail(message);
        }
    }

    void checkpoint() {
        ::sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        wal_pages_ = 0;
    }

    [[nodiscard]] int wal_pages() const { return wal_pages_; }

    [[nodiscard]] sqlite3* handle() const { return handle_; }

private:
    static int committed(void* self, sqlite3*, const char*, int pages) {
        static_cast<Database*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
    }

    sqlite3* handle_ = nullptr;
    int wal_pages_ = 0;
};

}  // namespace banter::bench
