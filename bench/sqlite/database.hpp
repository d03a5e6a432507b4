#pragma once
// As little over SQLite's C interface as a loop needs. Any failure ends the program.

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace banter::bench {

[[noreturn]] inline void fail(const std::string& what) {
    std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, what.c_str());
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

    /// For a statement that gives no rows. The values live until it returns.
    template <class... Values>
    void run(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
        if (step()) fail("a row where none was expected");
    }

    /// Whether there is a row now.
    bool step() {
        const int code = ::sqlite3_step(handle_);
        if (code == SQLITE_ROW) return true;
        if (code != SQLITE_DONE) fail(::sqlite3_errmsg(database_));
        ::sqlite3_reset(handle_);
        return false;
    }

    /// Of the present row: text or a blob.
    std::string bytes(int column) {
        const auto* const data = static_cast<const char*>(::sqlite3_column_blob(handle_, column));
        const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(handle_, column));
        return {data, size};
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

class Database {
public:
    /// Opens the file, or makes it.
    explicit Database(const std::string& path) {
        constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        if (::sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
            fail("cannot open " + path);
        }
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

    [[nodiscard]] sqlite3* handle() const { return handle_; }

private:
    sqlite3* handle_ = nullptr;
};

}  // namespace banter::bench
