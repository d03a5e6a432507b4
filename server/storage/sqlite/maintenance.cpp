#include "storage/sqlite/maintenance.hpp"

#include "base/result.hpp"
#include "storage/sql/installation.hpp"
#include "storage/sqlite/migrate.hpp"

#include <limits>
#include <stdexcept>

namespace banter::sqlite {

namespace {

constexpr std::size_t cache_bytes = 16 * 1024 * 1024;

/// Calls `use(handle)`; what SQLite says of the file gets the file's name.
template <typename Use>
auto with_handle(const std::filesystem::path& file, Use use) {
    // SQLite would make what is not there.
    if (!std::filesystem::is_regular_file(file))
        throw std::runtime_error(file.string() + " does not exist");
    try {
        Handle handle({.file = file, .vfs = {}, .cache_bytes = cache_bytes});
        return use(handle);
    } catch (const StorageFailure& failure) {
        throw std::runtime_error(file.string() + " can't be used: " + failure.what());
    }
}

// Reads every row and every index.
constexpr const char* integrity = "PRAGMA integrity_check(1)";
// One row.

void check_integrity(Handle& handle, const std::filesystem::path& file) {
    Cursor cursor(handle, integrity);
    if (cursor.step() && cursor.text(0) == "ok") return;
    throw std::runtime_error(file.string() + " is damaged: " + std::string(cursor.text(0)));
}

}  // namespace

DatabaseCopy copy_file(const std::filesystem::path& file) {
    return with_handle(file, [&file](Handle& handle) {
        require_known(handle, file);
        Snapshot snapshot(handle, file.has_parent_path() ? file.parent_path() : ".");
        while (snapshot.copy(std::numeric_limits<int>::max()).left > 0) {}
        return snapshot.take();
    });
}

std::int64_t check_file(const std::filesystem::path& file) {
    return with_handle(file, [&file](Handle& handle) {
        require_known(handle, file);
        check_integrity(handle, file);
        return schema_version(handle);
    });
}

std::string renew_epoch(const std::filesystem::path& file, Random& random) {
    return with_handle(file, [&file, &random](Handle& handle) {
        require_known(handle, file);
        std::string epoch = sql::make_epoch(random);
        Cursor cursor(handle, sql::set_epoch);
        cursor.bind(1, std::string_view(epoch));
        cursor.run();
        return epoch;
    });
}

}  // namespace banter::sqlite
