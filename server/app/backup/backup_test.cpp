// Without a server the backup is made by the command itself.
#include "app/backup/backup.hpp"

#include "app/issuer_key.hpp"
#include "storage/contract/world.hpp"
#include "storage/sqlite/lock_file.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace banter::app {
namespace {

namespace fs = std::filesystem;

class OfflineBackupTest : public storage::World<storage::SqliteBackend> {
public:
    void SetUp() override {
        config.data = directory.path() / "data";
        (void)open_issuer(config.data);
        backend.close();
        fs::copy_file(backend.directory() / "banter.db", config.database_path());
    }

    /// How often a server could have started while the backup was written, out of how often it was
    /// tried.
    std::pair<int, int> starts() {
        int tried = 0;
        int started = 0;
        const auto try_to_start = [&] {
            ++tried;
            try {
                const sqlite::LockFile lock(config.data);
                ++started;
            } catch (const sqlite::InUse&) {}
        };
        back_up(
            config, directory.path() / "backup", [](const std::string&) {}, try_to_start
        );
        return {started, tried};
    }

    storage::TemporaryDirectory directory;
    Config config;
};

TEST_F(OfflineBackupTest, no_server_starts_before_the_files_are_in_it) {
    const auto [started, tried] = starts();
    EXPECT_EQ(started, 0);
    EXPECT_GT(tried, 0);
}

TEST_F(OfflineBackupTest, where_files_lie_elsewhere_a_server_may_start_while_it_is_written) {
    config.files = "s3://bucket?region=us-east-1";
    const auto [started, tried] = starts();
    EXPECT_EQ(started, tried);
    EXPECT_GT(tried, 0);
}

}  // namespace
}  // namespace banter::app
