#include "app/backup/unpack.hpp"

#include "app/backup/archive.hpp"
#include "app/backup/new_file.hpp"
#include "app/backup/tar.hpp"
#include "base/encoding.hpp"
#include "service/sha256.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace banter::app {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::string_view no_backup = "is no backup of Banter";
constexpr std::string_view cut_off = "is cut off";
constexpr std::string_view damaged = "is damaged";
/// Of a manifest; one of a thousand parts has a tenth of it.
constexpr std::uint64_t manifest_bytes_max = 1024 * 1024;

class Unpacking {
public:
    Unpacking(const std::filesystem::path& backup, const std::filesystem::path& directory)
        : backup_(backup),
          directory_(directory),
          file_(::open(backup.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (!file_) fail(std::generic_category().message(errno));
    }

    Manifest run(const Interruption& interruption) {
        for (bool first = true;; first = false) {
            const std::string block = read(tar::block_bytes, first ? no_backup : cut_off);
            const auto entry = tar::parse_header(block);
            if (first && !(entry && is_part(entry->name))) fail(no_backup);
            if (!entry) fail(damaged);
            if (entry->name == manifest_part) return last(*entry);
            if (!is_part(entry->name) && !is_file_name(entry->name))
                fail("holds what this version does not know: use the one that made it");
            extract(*entry, interruption);
        }
    }

private:
    [[noreturn]] void fail(std::string_view what) const {
        throw std::runtime_error(fmt::format("{} {}", backup_.string(), what));
    }

    static bool is_part(std::string_view name) { return name == key_part || name == database_part; }

    /// Exactly so many bytes; what a file with less of them is called.
    std::string read(std::size_t bytes, std::string_view with_less = cut_off) {
        std::string out(bytes, '\0');
        std::size_t filled = 0;
        while (filled < bytes) {
            const ssize_t size = ::read(*file_, out.data() + filled, bytes - filled);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) fail("can't be read: " + std::generic_category().message(errno));
            if (size == 0) fail(with_less);
            filled += static_cast<std::size_t>(size);
        }
        return out;
    }

    void extract(const tar::Entry& entry, const Interruption& interruption) {
        const bool is_file = is_file_name(entry.name);
        const std::filesystem::path path = directory_ / entry.name;
        if (is_file) {
            make_folders(path);
            files_hash_.text(entry.name).number(entry.bytes);
            files_bytes_ += entry.bytes;
        }
        NewFile out(path);
        service::Sha256 own_hash;
        service::Sha256& hash = is_file ? files_hash_ : own_hash;
        for (std::uint64_t left = entry.bytes; left > 0;) {
            interruption();
            const std::string chunk = read(std::min<std::uint64_t>(left, chunk_bytes));
            hash.bytes(chunk);
            out.write(chunk);
            left -= chunk.size();
        }
        out.publish();
        (void)read(tar::padding(entry.bytes).size());
        if (!is_file) found_.push_back({entry.name, entry.bytes, hex(hash.finish())});
    }

    /// For its owner only, as the server makes them.
    static void make_folders(const std::filesystem::path& file) {
        for (const auto& folder : {file.parent_path().parent_path(), file.parent_path()}) {
            if (!std::filesystem::create_directory(folder)) continue;
            std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
            sync_directory(folder.parent_path());
        }
    }

    /// The manifest, and what ends the tar behind it.
    Manifest last(const tar::Entry& entry) {
        if (entry.bytes > manifest_bytes_max) fail(damaged);
        auto parsed = parse_manifest(read(entry.bytes));
        if (!parsed) fail(damaged);
        (void)read(tar::padding(entry.bytes).size());
        if (read(tar::end().size()) != tar::end()) fail(damaged);
        require_all(*parsed);
        return *std::move(parsed);
    }

    void require_all(const Manifest& manifest) {
        if (manifest.format != Manifest().format) {
            fail(fmt::format(
                "was made by Banter {} in a way unknown here: use that version", manifest.version
            ));
        }
        // One that was made before there were files has none.
        if (manifest.parts.size() == 3 || files_bytes_ > 0) {
            found_.push_back({std::string(files_part), files_bytes_, hex(files_hash_.finish())});
        }
        if (found_.size() < 2 || manifest.parts != found_) fail(damaged);
    }

    const std::filesystem::path& backup_;
    const std::filesystem::path& directory_;
    Descriptor file_;
    std::vector<Manifest::Part> found_;
    service::Sha256 files_hash_;
    std::uint64_t files_bytes_ = 0;
};

}  // namespace

Manifest unpack(
    const std::filesystem::path& backup,
    const std::filesystem::path& directory,
    const Interruption& interruption
) {
    return Unpacking(backup, directory).run(interruption);
}

}  // namespace banter::app
