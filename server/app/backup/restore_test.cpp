// A backup becomes data whole or not at all, and never over data.
#include "app/backup/restore.hpp"

#include "app/backup/archive.hpp"
#include "app/backup/tar.hpp"
#include "service/local_issuer.hpp"
#include "storage/contract/world.hpp"
#include "storage/sqlite/lock_file.hpp"
#include "storage/sqlite/maintenance.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace banter::app {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

void never() {}

std::string text_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void put(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

class RestoreTest : public storage::World<storage::SqliteBackend> {
public:
    void SetUp() override {
        const auto ada = user("ada");
        thread = channel("general", ada);
        for (int i = 0; i < 20; ++i) send(thread, ada, std::string(1000, 'x'));
        epoch = backend.installation().epoch;
        backend.close();
        key = service::LocalIssuer::make_key();
        backup = directory.path() / "backup";
        config.data = directory.path() / "data";
        put_file("00", "small", 5);
        put_file("00", "second", 512);
        put_file("fe", "large", 700'000);
        put_file("fe", "empty", 0);
        put(files / "fe" / "not-a-key", "left out");
        Archive archive(
            sqlite::copy_file(backend.directory() / "banter.db"), key, files, Timestamp{}
        );
        for (std::string chunk = archive.next(); !chunk.empty(); chunk = archive.next())
            bytes += chunk;
        put(backup, bytes);
    }

    /// A file whose key begins with `folder`.
    void put_file(const std::string& folder, const std::string& name, std::size_t size) {
        static const model::ObjectKey zeros;
        std::string key_text = zeros.text();
        key_text.replace(0, 2, folder);
        key_text.back() = static_cast<char>('0' + stored.size());
        fs::create_directories(files / folder);
        const std::string path = folder + "/" + key_text;
        stored[path] = std::string(size, name.front());
        put(files / path, stored[path]);
    }

    std::string refusal() {
        try {
            (void)restore(config, backup, never);
        } catch (const std::runtime_error& failure) {
            return failure.what();
        }
        return "nothing was refused";
    }
    /// Nothing but the lock.
    void expect_nothing() {
        for (const fs::directory_entry& entry : fs::directory_iterator(config.data))
            EXPECT_EQ(entry.path().filename(), "banter.lock");
        EXPECT_NO_THROW(require_no_unfinished_restore(config.data));
    }
    void expect_restored() {
        EXPECT_EQ(text_of(config.data / "issuer-key.pem"), key);
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(config.data / "files")) {
            if (!entry.is_regular_file()) continue;
            found[entry.path().lexically_relative(config.data / "files").string()] =
                text_of(entry.path());
        }
        EXPECT_TRUE(found == stored) << found.size();
        EXPECT_NO_THROW(require_no_unfinished_restore(config.data));
        sqlite::SqliteOptions options;
        options.directory = config.data;
        storage::SqliteBackend restored(1, options);
        EXPECT_NE(restored.installation().epoch, epoch);
        EXPECT_EQ(restored.installation().epoch.size(), 36U);
    }

    storage::TemporaryDirectory directory;
    fs::path files = directory.path() / "stored";
    std::map<std::string, std::string> stored;
    model::ThreadId thread;
    std::string epoch;
    std::string key;
    std::string bytes;
    fs::path backup;
    Config config;
};

TEST_F(RestoreTest, makes_the_directory_with_a_new_epoch_and_the_same_key) {
    EXPECT_THAT(restore(config, backup, never), HasSubstr("holds the data of 1970-01-01T00:00:00"));
    expect_restored();
    for (const char* name : {"banter.db", "issuer-key.pem"}) {
        EXPECT_EQ(
            fs::status(config.data / name).permissions(),
            fs::perms::owner_read | fs::perms::owner_write
        );
    }
    EXPECT_EQ(fs::status(config.data).permissions(), fs::perms::owner_all);
}

TEST_F(RestoreTest, what_root_restores_belongs_to_whom_the_directory_does) {
    fs::create_directory(config.data);
    const ::uid_t owner = ::geteuid() == 0 ? 4711 : ::geteuid();
    ASSERT_EQ(::chown(config.data.c_str(), owner, ::getegid()), 0);
    (void)restore(config, backup, never);
    for (const fs::directory_entry& entry : fs::directory_iterator(config.data)) {
        struct stat facts {};
        ASSERT_EQ(::stat(entry.path().c_str(), &facts), 0);
        EXPECT_EQ(facts.st_uid, owner) << entry;
    }
}

TEST_F(RestoreTest, an_empty_directory_will_do_and_one_with_anything_in_it_is_refused) {
    fs::create_directory(config.data);
    fs::create_directory(config.data / "lost+found");
    put(config.data / "notes", "mine");
    EXPECT_EQ(
        refusal(),
        config.data.string() + " is not empty, there is notes: restore into a new directory"
    );
    EXPECT_EQ(text_of(config.data / "notes"), "mine");
    fs::remove(config.data / "notes");
    (void)restore(config, backup, never);
    EXPECT_THAT(refusal(), HasSubstr("is not empty")) << "not over what it restored itself";
    expect_restored();
}

TEST_F(RestoreTest, a_directory_in_use_is_refused) {
    fs::create_directory(config.data);
    const sqlite::LockFile lock(config.data);
    EXPECT_THAT(refusal(), HasSubstr("is in use by another Banter"));
}

TEST_F(RestoreTest, a_backup_that_is_cut_off_anywhere_leaves_nothing) {
    for (const std::size_t left :
         {bytes.size() - 1024 - 1,
          bytes.size() - 1024 - 512,
          bytes.size() - 2048,
          bytes.size() / 2,
          std::size_t{2000},
          std::size_t{1024},
          std::size_t{1000},
          std::size_t{512}}) {
        put(backup, bytes.substr(0, left));
        EXPECT_THAT(refusal(), HasSubstr(backup.string() + " is cut off")) << left;
        expect_nothing();
    }
}

TEST_F(RestoreTest, a_changed_byte_of_any_part_is_found) {
    const std::size_t end = bytes.rfind("manifest.toml");
    for (std::size_t at = 7; at < end; at += 1237) {
        std::string changed = bytes;
        // Bytes that fill up a block mean nothing, and are zero.
        if (changed[at] == '\0') continue;
        changed[at] = static_cast<char>(changed[at] ^ 0x04);
        put(backup, changed);
        EXPECT_THAT(refusal(), testing::Not(HasSubstr("nothing was refused"))) << at;
        expect_nothing();
    }
    put(backup, bytes);
    (void)restore(config, backup, never);
    expect_restored();
}

TEST_F(RestoreTest, a_manifest_that_says_something_else_is_found) {
    for (const char* line : {"sha256 = \"", "bytes = ", "name = \"", "schema = ", "format = "}) {
        std::string changed = bytes;
        const std::size_t at = changed.rfind(line) + std::string_view(line).size();
        changed[at] = changed[at] == '7' ? '8' : '7';
        put(backup, changed);
        EXPECT_THAT(refusal(), testing::Not(HasSubstr("nothing was refused"))) << line;
        expect_nothing();
    }
}

TEST_F(RestoreTest, what_is_no_backup_is_refused) {
    for (const std::string& other :
         {std::string(),
          std::string("text"),
          std::string(10'000, 'x'),
          std::string(10'000, '\0'),
          tar::header({"../../etc/passwd", 4, 0}) + "mine" + tar::padding(4) + tar::end()}) {
        put(backup, other);
        EXPECT_EQ(refusal(), backup.string() + " is no backup of Banter");
        expect_nothing();
    }
    fs::remove(backup);
    EXPECT_EQ(refusal(), backup.string() + " is not a file that is there");
}

TEST_F(RestoreTest, a_part_that_is_unknown_or_comes_twice_is_refused) {
    const std::string key_entry = bytes.substr(0, 1024);
    const std::string other = tar::header({"../evil", 4, 0}) + "evil" + tar::padding(4);
    put(backup, key_entry + other + bytes.substr(1024));
    EXPECT_THAT(refusal(), HasSubstr("holds what this version does not know"));
    expect_nothing();
    EXPECT_FALSE(fs::exists(directory.path() / "evil"));
    put(backup, key_entry + bytes);
    EXPECT_THAT(refusal(), HasSubstr("exists already"));
    expect_nothing();
}

TEST_F(RestoreTest, a_backup_of_a_newer_program_is_refused) {
    {
        sqlite::DatabaseCopy copy = sqlite::copy_file(backend.directory() / "banter.db");
        copy.schema = 99;
        Archive archive(std::move(copy), key, {}, Timestamp{});
        std::string changed;
        for (std::string chunk = archive.next(); !chunk.empty(); chunk = archive.next())
            changed += chunk;
        put(backup, changed);
    }
    EXPECT_THAT(refusal(), HasSubstr("says another schema than its database has"));
    expect_nothing();
}

TEST_F(RestoreTest, one_that_was_killed_is_begun_anew_and_is_no_data_until_then) {
    fs::create_directories(config.data / "restore-unfinished");
    put(config.data / "restore-unfinished" / "banter.db", "half");
    put(config.data / "issuer-key.pem", "another");
    try {
        require_no_unfinished_restore(config.data);
        ADD_FAILURE() << "it was taken for data";
    } catch (const std::runtime_error& failure) {
        EXPECT_THAT(failure.what(), HasSubstr("run banter restore again"));
    }
    (void)restore(config, backup, never);
    expect_restored();
}

TEST_F(RestoreTest, beside_the_mark_of_one_that_was_killed_nothing_else_is_touched) {
    fs::create_directories(config.data / "restore-unfinished");
    put(config.data / "notes", "mine");
    EXPECT_THAT(refusal(), HasSubstr("is not empty, there is notes"));
    EXPECT_EQ(text_of(config.data / "notes"), "mine");
}

TEST_F(RestoreTest, one_that_is_interrupted_leaves_nothing) {
    int calls = 0;
    EXPECT_THROW(
        (void)restore(
            config,
            backup,
            [&calls] {
                if (++calls == 2) throw std::runtime_error("interrupted");
            }
        ),
        std::runtime_error
    );
    expect_nothing();
}

TEST_F(RestoreTest, a_database_elsewhere_is_refused) {
    config.database = "sqlite:/srv/elsewhere.db";
    EXPECT_THAT(refusal(), HasSubstr("leave out database"));
}

}  // namespace
}  // namespace banter::app
