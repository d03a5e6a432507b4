#include "app/issuer_key.hpp"

#include "app/backup/new_file.hpp"
#include "app/read_file.hpp"
#include "model/text.hpp"
#include "storage/postgres/migrate.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace banter::app {

namespace {

std::filesystem::path key_file(const std::filesystem::path& data) {
    return data / "issuer-key.pem";
}

void write_synced(const std::filesystem::path& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        throw std::system_error(errno, std::generic_category(), "can't make " + path.string());
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool synced = written && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    if (!synced) {
        ::unlink(path.c_str());
        throw std::system_error(error, std::generic_category(), "can't write " + path.string());
    }
}

service::LocalIssuer issuer_from(const std::filesystem::path& path, const std::string& text) {
    try {
        return service::LocalIssuer(text);
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
    }
}

/// A link either makes the name whole or fails because another made it first.
void publish_key(const std::filesystem::path& path, const std::string& key) {
    const std::filesystem::path draft = path.string() + "." + std::to_string(::getpid());
    ::unlink(draft.c_str());
    write_synced(draft, key);
    const int linked = ::link(draft.c_str(), path.c_str());
    const int error = errno;
    ::unlink(draft.c_str());
    if (linked != 0 && error != EEXIST) {
        throw std::system_error(error, std::generic_category(), "can't make " + path.string());
    }
}

}  // namespace

void make_data_directory(const std::filesystem::path& data) {
    if (!std::filesystem::create_directories(data)) return;
    std::filesystem::permissions(data, std::filesystem::perms::owner_all);
}

service::LocalIssuer open_issuer(const std::filesystem::path& data) {
    make_data_directory(data);
    const std::filesystem::path path = key_file(data);
    if (!std::filesystem::exists(path)) {
        publish_key(path, service::LocalIssuer::make_key());
        sync_directory(data);
    }
    return issuer_from(path, read_file(path));
}

service::LocalIssuer open_shared_issuer(const std::filesystem::path& data, const std::string& url) {
    make_data_directory(data);
    const std::filesystem::path path = key_file(data);
    std::string shared = postgres::share_issuer_key(url, "");
    if (std::filesystem::exists(path)) {
        const std::string own = read_issuer_key(data);
        if (shared.empty()) shared = postgres::share_issuer_key(url, own);
        if (shared == own) return issuer_from(path, own);
        throw std::runtime_error(fmt::format(
            "{} is not the key of the installation in the database: move it away, and this node "
            "gets the installation's",
            path.string()
        ));
    }
    if (shared.empty()) shared = postgres::share_issuer_key(url, service::LocalIssuer::make_key());
    publish_key(path, shared);
    sync_directory(data);
    return issuer_from(path, shared);
}

std::string read_issuer_key(const std::filesystem::path& data) {
    const std::filesystem::path path = key_file(data);
    std::string text = read_file(path);
    static_cast<void>(issuer_from(path, text));
    return text;
}

std::vector<std::string> make_tokens(
    const service::LocalIssuer& issuer,
    const Invocation& invocation,
    Timestamp now
) {
    std::vector<std::string> subjects;
    if (invocation.count == 0) subjects.push_back(invocation.subject);
    for (std::size_t i = 0; i < invocation.count; ++i) {
        subjects.push_back(invocation.subject + std::to_string(i));
    }
    std::vector<std::string> tokens;
    for (const std::string& subject : subjects) {
        if (!model::is_handle(subject)) {
            throw std::runtime_error(fmt::format(
                "{} is no handle: 2 to 32 of a-z, 0-9, dot, dash and underscore", subject
            ));
        }
        tokens.push_back(issuer.sign({
            .subject = std::string(service::LocalIssuer::handle_prefix) + subject,
            .sign_in = std::nullopt,
            .issued_at = now,
            .expires_at = now + invocation.ttl,
        }));
    }
    return tokens;
}

}  // namespace banter::app
