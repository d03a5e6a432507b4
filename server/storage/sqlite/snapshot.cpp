#include "storage/sqlite/snapshot.hpp"

#include "base/check.hpp"
#include "base/result.hpp"
#include "storage/sqlite/migrate.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace banter::sqlite {

namespace {

// Nothing of the copy is read back before it is whole, and who needs it durable syncs it.
constexpr const char* without_journal =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1024";

// One row.
constexpr const char* find_epoch = "SELECT epoch FROM installation";

[[noreturn]] void throw_unwritable(const std::filesystem::path& directory, int error) {
    const std::string why = std::generic_category().message(error);
    const Errc code = error == ENOSPC ? Errc::storage_full : Errc::storage_unavailable;
    throw StorageFailure(code, "no copy can be made in " + directory.string() + ": " + why);
}

}  // namespace

Snapshot::Snapshot(Handle& source, const std::filesystem::path& directory) : source_(source) {
    open(directory);
    backup_.reset(sqlite3_backup_init(target_.get(), "main", source_.raw(), "main"));
    if (!backup_) throw_failure(target_.get(), sqlite3_errcode(target_.get()));
}

Snapshot::~Snapshot() = default;

void Snapshot::open(const std::filesystem::path& directory) {
    std::string path = (directory / "copy-XXXXXX").string();
    file_ = Descriptor(::mkostemp(path.data(), O_CLOEXEC));
    if (!file_) throw_unwritable(directory, errno);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr
    );
    // From here on a killed process leaves nothing behind.
    ::unlink(path.c_str());
    target_.reset(opened);
    if (code != SQLITE_OK) throw_failure(opened, code);
    const int set = sqlite3_exec(opened, without_journal, nullptr, nullptr, nullptr);
    if (set != SQLITE_OK) throw_failure(opened, set);
}

CopyProgress Snapshot::copy(int pages) {
    CHECK(backup_ != nullptr);
    const int code = sqlite3_backup_step(backup_.get(), pages);
    if (code != SQLITE_OK && code != SQLITE_DONE) throw_failure(nullptr, code);
    const auto count = [](int number) { return static_cast<std::size_t>(number); };
    return {
        code == SQLITE_DONE ? 0 : count(sqlite3_backup_remaining(backup_.get())),
        count(sqlite3_backup_pagecount(backup_.get()))};
}

DatabaseCopy Snapshot::take() {
    const int code = sqlite3_backup_finish(backup_.release());
    if (code != SQLITE_OK) throw_failure(nullptr, code);
    target_.reset();
    DatabaseCopy copy;
    copy.file = std::move(file_);
    struct stat facts {};
    if (::fstat(*copy.file, &facts) != 0) {
        throw std::system_error(errno, std::generic_category(), "the copy of the database");
    }
    copy.bytes = static_cast<std::uint64_t>(facts.st_size);
    copy.schema = schema_version(source_);
    Cursor cursor(source_, find_epoch);
    if (cursor.step()) copy.epoch = cursor.text(0);
    return copy;
}

}  // namespace banter::sqlite
