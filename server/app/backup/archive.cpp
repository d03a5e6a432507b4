#include "app/backup/archive.hpp"

#include "app/backup/tar.hpp"
#include "base/encoding.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace banter::app {

namespace {

constexpr std::uint64_t chunk_bytes = 256 * 1024;

std::string read_at(int file, std::uint64_t offset, std::uint64_t bytes) {
    std::string chunk(bytes, '\0');
    const ssize_t size = ::pread(file, chunk.data(), chunk.size(), static_cast<off_t>(offset));
    if (size < 0) {
        throw std::system_error(errno, std::generic_category(), "the copy of the database");
    }
    if (size == 0) throw std::runtime_error("the copy of the database is shorter than it was");
    chunk.resize(static_cast<std::size_t>(size));
    return chunk;
}

}  // namespace

Archive::Archive(sqlite::DatabaseCopy database, std::string issuer_key, Timestamp made_at)
    : database_(std::move(database)), issuer_key_(std::move(issuer_key)) {
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
    std::string chunk = read_at(*database_.file, offset_, std::min(left, chunk_bytes));
    database_hash_.bytes(chunk);
    offset_ += chunk.size();
    if (offset_ < database_.bytes) return chunk;
    stage_ = Stage::manifest;
    database_.file.close();
    const service::Digest digest = database_hash_.finish();
    manifest_.parts.push_back({std::string(database_part), database_.bytes, hex(digest)});
    return chunk + tar::padding(database_.bytes);
}

std::string Archive::manifest() {
    stage_ = Stage::over;
    const std::string text = encode(manifest_);
    return header(manifest_part, text.size()) + text + tar::padding(text.size()) + tar::end();
}

}  // namespace banter::app
