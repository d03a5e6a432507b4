#include "storage/sqlite/migrate.hpp"

#include "storage/sql/installation.hpp"
#include "storage/sqlite/connection.hpp"

#include <stdexcept>
#include <string>

namespace banter::sqlite {

namespace {

/// "Bntr", in the file's header: file(1) and we tell a database of ours by it.
constexpr std::int64_t application_id = 0x426e7472;

std::int64_t pragma(Handle& handle, const char* text) {
    Cursor cursor(handle, text);
    CHECK(cursor.step());
    return cursor.integer(0);
}

bool is_empty(Handle& handle) {
    return pragma(handle, "PRAGMA application_id") == 0 &&
           pragma(handle, "PRAGMA schema_version") == 0;
}

void apply(Handle& handle, const Migration& migration, std::int64_t version) {
    handle.run("BEGIN IMMEDIATE");
    try {
        handle.run(migration.text);
        handle.run(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
        handle.run(("PRAGMA user_version = " + std::to_string(version)).c_str());
        handle.run("COMMIT");
    } catch (...) {
        if (handle.in_transaction()) handle.run("ROLLBACK");
        throw;
    }
}

void make_installation(Handle& handle, const Clock& clock, Random& random) {
    SqliteConnection connection(handle);
    const sql::FirstRows rows(clock, random);
    handle.run("BEGIN IMMEDIATE");
    try {
        (void)connection.execute(sql::add_workspace, rows.workspace);
        (void)connection.execute(sql::add_installation, rows.installation);
        handle.run("COMMIT");
    } catch (...) {
        if (handle.in_transaction()) handle.run("ROLLBACK");
        throw;
    }
}

}  // namespace

std::int64_t schema_version(Handle& handle) { return pragma(handle, "PRAGMA user_version"); }

void require_known(Handle& handle, const std::filesystem::path& file) {
    if (pragma(handle, "PRAGMA application_id") != application_id)
        throw std::runtime_error(file.string() + " is not a database of Banter");
    const auto known = static_cast<std::int64_t>(migrations().size());
    const std::int64_t version = schema_version(handle);
    if (version <= known) return;
    throw std::runtime_error(
        file.string() + " was written by a newer Banter (schema " + std::to_string(version) +
        ", this one knows " + std::to_string(known) + "): use that version"
    );
}

void migrate(Handle& handle, const std::filesystem::path& file) {
    if (!is_empty(handle)) require_known(handle, file);
    const auto known = static_cast<std::int64_t>(migrations().size());
    std::int64_t version = schema_version(handle);
    for (; version < known; ++version) {
        apply(handle, migrations()[static_cast<std::size_t>(version)], version + 1);
    }
}

storage::Installation open_installation(Handle& handle, const Clock& clock, Random& random) {
    SqliteConnection connection(handle);
    sql::Rows rows = connection.execute(sql::find_installation, {});
    if (rows.empty()) {
        make_installation(handle, clock, random);
        rows = connection.execute(sql::find_installation, {});
    }
    return sql::installation_from(rows[0]);
}

}  // namespace banter::sqlite
