#include "app/backup/archive.hpp"

#include "app/backup/tar.hpp"
#include "base/encoding.hpp"
#include "model/object_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <span>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace banter::app {

namespace {

constexpr std::uint64_t chunk_bytes = 256 * 1024;

std::string read_at(int file, std::uint64_t offset, std::uint64_t bytes, const std::string& what) {
    std::string chunk(bytes, '\0');
    const ssize_t size = ::pread(file, chunk.data(), chunk.size(), static_cast<off_t>(offset));
    if (size < 0) throw std::system_error(errno, std::generic_category(), what);
    if (size == 0) throw std::runtime_error(what + " is shorter than it was");
    chunk.resize(static_cast<std::size_t>(size));
    return chunk;
}

/// Two lower-case hex digits.
std::string folder_name(unsigned number) {
    const auto byte = static_cast<std::uint8_t>(number);
    return hex(std::span(&byte, 1));
}

/// Names of files in the folder, the last one first.
std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
        if (model::ObjectKey::parse(entry.path().filename().string())) {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end(), std::greater<>());
    return names;
}

}  // namespace

bool is_file_name(std::string_view name) {
    const std::string_view folder = files_part;
    if (!name.starts_with(folder) || name.size() != folder.size() + 1 + 2 + 1 + 32) return false;
    const std::string_view first = name.substr(folder.size() + 1, 2);
    const std::string_view key = name.substr(folder.size() + 4);
    return name[folder.size()] == '/' && name[folder.size() + 3] == '/' &&
           model::ObjectKey::parse(key) && key.substr(0, 2) == first;
}

Archive::Archive(
    sqlite::DatabaseCopy database,
    std::string issuer_key,
    std::filesystem::path files,
    Timestamp made_at
)
    : database_(std::move(database)), issuer_key_(std::move(issuer_key)), files_(std::move(files)) {
    manifest_.version = BANTER_VERSION;
    manifest_.schema = database_.schema;
    manifest_.epoch = database_.epoch;
    manifest_.made_at = made_at;
}

std::string Archive::next() {
    switch (stage_) {
        case Stage::key: return key();
        case Stage::database_header: return database_header();
        case Stage::database: return database();
        case Stage::files: return files();
        case Stage::manifest: return manifest();
        case Stage::over: break;
    }
    return {};
}

std::string Archive::header(std::string_view name, std::uint64_t bytes) const {
    const auto made_at = std::chrono::floor<std::chrono::seconds>(manifest_.made_at);
    return tar::header({std::string(name), bytes, made_at.time_since_epoch().count()});
}

std::string Archive::key() {
    stage_ = Stage::database_header;
    const service::Digest digest = service::Sha256().bytes(issuer_key_).finish();
    manifest_.parts.push_back({std::string(key_part), issuer_key_.size(), hex(digest)});
    return header(key_part, issuer_key_.size()) + issuer_key_ + tar::padding(issuer_key_.size());
}

std::string Archive::database_header() {
    stage_ = Stage::database;
    return header(database_part, database_.bytes);
}

std::string Archive::database() {
    const std::uint64_t left = database_.bytes - offset_;
    std::string chunk =
        read_at(*database_.file, offset_, std::min(left, chunk_bytes), "the copy of the database");
    hash_.bytes(chunk);
    offset_ += chunk.size();
    if (offset_ < database_.bytes) return chunk;
    stage_ = Stage::files;
    database_.file.close();
    const service::Digest digest = std::exchange(hash_, {}).finish();
    manifest_.parts.push_back({std::string(database_part), database_.bytes, hex(digest)});
    return chunk + tar::padding(database_.bytes);
}

std::string Archive::files() {
    if (!file_) {
        std::string head = next_file();
        if (!head.empty()) return head;
        const service::Digest digest = hash_.finish();
        manifest_.parts.push_back({std::string(files_part), files_bytes_, hex(digest)});
        stage_ = Stage::manifest;
        return manifest();
    }
    const std::uint64_t left = file_bytes_ - offset_;
    std::string chunk;
    if (left > 0) chunk = read_at(*file_, offset_, std::min(left, chunk_bytes), "a file");
    hash_.bytes(chunk);
    offset_ += chunk.size();
    if (offset_ < file_bytes_) return chunk;
    file_.close();
    chunk += tar::padding(file_bytes_);
    // No bytes would be the end of all.
    return chunk.empty() ? files() : chunk;
}

std::string Archive::next_file() {
    if (files_.empty()) return {};
    for (;;) {
        while (names_.empty()) {
            if (next_folder_ == 256) return {};
            names_ = names_in(files_ / folder_name(next_folder_++));
        }
        const std::string name = std::move(names_.back());
        names_.pop_back();
        const std::string folder = name.substr(0, 2);
        const std::filesystem::path path = files_ / folder / name;
        file_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        struct stat facts {};
        const bool there = file_ && ::fstat(*file_, &facts) == 0 && S_ISREG(facts.st_mode);
        // One of a message that was deleted before.
        if (!there) {
            file_.close();
            continue;
        }
        file_bytes_ = static_cast<std::uint64_t>(facts.st_size);
        files_bytes_ += file_bytes_;
        offset_ = 0;
        std::string entry(files_part);
        entry.append("/").append(folder).append("/").append(name);
        hash_.text(entry).number(file_bytes_);
        return header(entry, file_bytes_);
    }
}

std::string Archive::manifest() {
    stage_ = Stage::over;
    const std::string text = encode(manifest_);
    return header(manifest_part, text.size()) + text + tar::padding(text.size()) + tar::end();
}

}  // namespace banter::app
