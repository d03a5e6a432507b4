#include "storage/sqlite/handle.hpp"

#include "base/check.hpp"
#include "base/result.hpp"
#include "storage/sql/connection.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace banter::sqlite {

namespace {

/// A reader waits so long for the moments in which the WAL is recovered or reset; the writer never
/// waits.
constexpr int reader_patience_ms = 2000;

std::size_t number_of(const char* name) {
    CHECK(name != nullptr && *name == '$');
    std::size_t number = 0;
    const std::string_view digits(name + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    CHECK(number > 0);
    return number;
}

std::string pragma(const char* name, long long value) {
    return fmt::format("PRAGMA {} = {}", name, value);
}

}  // namespace

void throw_failure(sqlite3* database, int code) {
    const std::string what = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    // The shared-memory file is made larger by writing to it, which a full disk refuses.
    if (code == SQLITE_IOERR_SHMSIZE) throw StorageFailure(Errc::storage_full, what);
    switch (code & 0xFF) {
        case SQLITE_FULL: throw StorageFailure(Errc::storage_full, what);
        case SQLITE_CONSTRAINT: throw sql::ConstraintViolation(what);
        case SQLITE_ERROR:
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
        case SQLITE_MISMATCH: throw std::runtime_error(fmt::format("SQLite: {}", what));
        default: throw StorageFailure(Errc::storage_unavailable, what);
    }
}

Handle::Handle(const Options& options) {
    open(options);
    sqlite3_extended_result_codes(raw(), 1);
    // All of these hold for this link only, but for the journal mode, which stays in the file. A
    // new file is turned to it with a rollback journal; EXTRA syncs the journal's removal, for a
    // journal that came back after a power cut would undo the file.
    run(options.synchronous ? "PRAGMA synchronous = EXTRA" : "PRAGMA synchronous = OFF");
    run("PRAGMA journal_mode = WAL");
    if (options.synchronous) run("PRAGMA synchronous = FULL");
    run("PRAGMA wal_autocheckpoint = 0");
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA temp_store = MEMORY");
    run(pragma("cache_size", -static_cast<long long>(options.cache_bytes / 1024)).c_str());
    if (options.read_only) {
        run("PRAGMA query_only = ON");
        sqlite3_busy_timeout(raw(), reader_patience_ms);
    }
}

void Handle::open(const Options& options) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(
        options.file.c_str(),
        &opened,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
        options.vfs.empty() ? nullptr : options.vfs.c_str()
    );
    database_.reset(opened);
    if (code != SQLITE_OK) throw_failure(opened, code);
}

void Handle::run(const char* text) {
    const int code = sqlite3_exec(raw(), text, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_failure(raw(), code);
}

bool Handle::in_transaction() const { return sqlite3_get_autocommit(raw()) == 0; }

const Handle::Prepared& Handle::prepared(const char* text) {
    auto& place = prepared_[text];
    if (place) return *place;
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(raw(), text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) throw_failure(raw(), code);
    auto made = std::make_unique<Prepared>();
    made->statement.reset(statement);
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
        made->parameters.push_back(number_of(sqlite3_bind_parameter_name(statement, i)));
    }
    place = std::move(made);
    return *place;
}

Cursor::Cursor(Handle& handle, const char* text)
    : handle_(handle), prepared_(handle.prepared(text)), statement_(prepared_.statement.get()) {
    CHECK(sqlite3_stmt_busy(statement_) == 0);
}

Cursor::~Cursor() {
    // The error of a failed step, which was thrown already, is all that this could return.
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Cursor::check(int code) {
    if (code != SQLITE_OK) throw_failure(handle_.raw(), code);
}

int Cursor::index_of(std::size_t number) const {
    const auto& numbers = prepared_.parameters;
    // Statements that name their parameters in order, which most do, need no search.
    if (number <= numbers.size() && numbers[number - 1] == number) return static_cast<int>(number);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i] == number) return static_cast<int>(i + 1);
    }
    return 0;
}

void Cursor::bind(std::size_t number, std::int64_t value) {
    if (const int at = index_of(number)) check(sqlite3_bind_int64(statement_, at, value));
}

void Cursor::bind(std::size_t number, std::string_view text) {
    const int at = index_of(number);
    if (at == 0) return;
    check(sqlite3_bind_text64(
        statement_,
        at,
        text.data() == nullptr ? "" : text.data(),
        text.size(),
        SQLITE_STATIC,
        SQLITE_UTF8
    ));
}

void Cursor::bind(std::size_t number, const model::Uuid& id) {
    const int at = index_of(number);
    if (at == 0) return;
    check(sqlite3_bind_blob64(statement_, at, id.bytes.data(), id.bytes.size(), SQLITE_STATIC));
}

void Cursor::bind_bytes(std::size_t number, std::string_view bytes) {
    const int at = index_of(number);
    if (at == 0) return;
    check(sqlite3_bind_blob64(
        statement_, at, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC
    ));
}

void Cursor::bind_null(std::size_t number) {
    if (const int at = index_of(number)) check(sqlite3_bind_null(statement_, at));
}

bool Cursor::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw_failure(handle_.raw(), code);
}

bool Cursor::try_run() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_DONE) return true;
    if ((code & 0xFF) == SQLITE_CONSTRAINT) return false;
    CHECK(code != SQLITE_ROW);
    throw_failure(handle_.raw(), code);
}

void Cursor::run() {
    const bool row = step();
    CHECK(!row);
}

std::size_t Cursor::columns() const {
    return static_cast<std::size_t>(sqlite3_column_count(statement_));
}

int Cursor::type(std::size_t column) const {
    return sqlite3_column_type(statement_, static_cast<int>(column));
}

std::int64_t Cursor::integer(std::size_t column) const {
    return sqlite3_column_int64(statement_, static_cast<int>(column));
}

std::string_view Cursor::text(std::size_t column) const {
    const int at = static_cast<int>(column);
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, at));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, at))};
}

std::string_view Cursor::bytes(std::size_t column) const {
    const int at = static_cast<int>(column);
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, at));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, at))};
}

}  // namespace banter::sqlite
