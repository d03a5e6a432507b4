#include "app/backup/restore.hpp"

#include "api/wire/times.hpp"
#include "app/backup/archive.hpp"
#include "app/backup/new_file.hpp"
#include "base/random.hpp"
#include "service/local_issuer.hpp"
#include "storage/sqlite/lock_file.hpp"
#include "storage/sqlite/maintenance.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace banter::app {

namespace {

namespace fs = std::filesystem;

/// The mark, and where the parts are until they are known to be good.
constexpr std::string_view unfinished = "restore-unfinished";

/// What a directory without data may hold: a new disk, and our own lock.
bool is_nothing(const fs::path& name) { return name == "banter.lock" || name == "lost+found"; }

/// What a restore that was killed may have left beside its mark. No server has used it.
bool is_left_over(const fs::path& name) {
    return name == unfinished || name == key_part || name == database_part || name == files_part;
}

void require_empty(const fs::path& data) {
    const bool marked = fs::exists(data / unfinished);
    for (const fs::directory_entry& entry : fs::directory_iterator(data)) {
        const fs::path name = entry.path().filename();
        if (is_nothing(name) || (marked && is_left_over(name))) continue;
        throw std::runtime_error(fmt::format(
            "{} is not empty, there is {}: restore into a new directory",
            data.string(),
            name.string()
        ));
    }
}

/// The mark goes last.
void clear(const fs::path& data) {
    if (!fs::exists(data / unfinished)) return;
    fs::remove(data / key_part);
    fs::remove(data / database_part);
    fs::remove_all(data / files_part);
    sync_directory(data);
    fs::remove_all(data / unfinished);
    sync_directory(data);
}

void check_key(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    static_cast<void>(service::LocalIssuer(text));
}

void make_directory(const fs::path& data) {
    if (!fs::create_directories(data)) return;
    fs::permissions(data, fs::perms::owner_all);
    sync_directory(fs::absolute(data).lexically_normal().parent_path());
}

/// The parts, checked, in the place that is the mark.
Manifest stage(const fs::path& data, const fs::path& backup, const Interruption& interruption) {
    const fs::path staging = data / unfinished;
    fs::create_directory(staging);
    fs::permissions(staging, fs::perms::owner_all);
    sync_directory(data);
    Manifest manifest = unpack(backup, staging, interruption);
    check_key(staging / key_part);
    const std::int64_t schema = sqlite::check_file(staging / database_part);
    if (schema != manifest.schema) {
        throw std::runtime_error(backup.string() + " says another schema than its database has");
    }
    SystemRandom random;
    sqlite::renew_epoch(staging / database_part, random);
    sync_directory(staging);
    return manifest;
}

/// Root restores for a service that has a user of its own: the files are for the directory's owner.
void hand_over(const fs::path& data) {
    struct stat directory {};
    if (::geteuid() != 0 || ::stat(data.c_str(), &directory) != 0) return;
    const auto give = [&](const fs::path& file) {
        if (::lchown(file.c_str(), directory.st_uid, directory.st_gid) == 0) return;
        throw std::system_error(errno, std::generic_category(), file.string());
    };
    for (const std::string_view name : {std::string_view("banter.lock"), key_part, database_part}) {
        give(data / name);
    }
    if (!fs::exists(data / files_part)) return;
    give(data / files_part);
    for (const auto& entry : fs::recursive_directory_iterator(data / files_part)) {
        give(entry.path());
    }
}

/// The removal of the mark is the moment from which it all counts.
void install(const fs::path& data) {
    const fs::path staging = data / unfinished;
    fs::rename(staging / key_part, data / key_part);
    fs::rename(staging / database_part, data / database_part);
    if (fs::exists(staging / files_part)) fs::rename(staging / files_part, data / files_part);
    hand_over(data);
    sync_directory(data);
    fs::remove(staging);
    sync_directory(data);
}

std::string text_of(Timestamp time) {
    std::string quoted;
    api::wire::append_time(quoted, time);
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

std::string restore(
    const Config& config,
    const fs::path& backup,
    const Interruption& interruption
) {
    if (!config.database.empty() || !config.files.empty()) {
        throw std::runtime_error(
            "a backup is restored into the data directory; leave out database and files, and move "
            "banter.db and files afterwards"
        );
    }
    if (!fs::is_regular_file(backup))
        throw std::runtime_error(backup.string() + " is not a file that is there");
    make_directory(config.data);
    const sqlite::LockFile lock(config.data);
    require_empty(config.data);
    clear(config.data);
    Manifest manifest;
    try {
        manifest = stage(config.data, backup, interruption);
    } catch (...) {
        clear(config.data);
        throw;
    }
    install(config.data);
    return fmt::format(
        "{} holds the data of {} (Banter {}); clients that come back fetch everything anew",
        config.data.string(),
        text_of(manifest.made_at),
        manifest.version
    );
}

void require_no_unfinished_restore(const fs::path& data) {
    if (!fs::exists(data / unfinished)) return;
    throw std::runtime_error(fmt::format(
        "{} holds a restore that was not finished: run banter restore again", data.string()
    ));
}

}  // namespace banter::app
