// What is done to a database file that no server uses.
#include "storage/sqlite/maintenance.hpp"

#include "storage/contract/world.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>

namespace banter::storage {

namespace {

class MaintenanceTest : public World<SqliteBackend> {
public:
    void SetUp() override {
        ada = user("ada");
        thread = channel("general", ada);
        for (int i = 0; i < 100; ++i) send(thread, ada, std::string(1000, 'x'));
        file = backend.directory() / "banter.db";
        epoch = backend.installation().epoch;
        backend.close();
    }
    void change(const char* statement) {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, statement, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }
    static std::string refusal(const std::function<void()>& call) {
        try {
            call();
        } catch (const std::runtime_error& failure) {
            return failure.what();
        }
        return "nothing was refused";
    }

    model::UserId ada;
    model::ThreadId thread;
    std::filesystem::path file;
    std::string epoch;
};

}  // namespace

TEST_F(MaintenanceTest, a_new_epoch_is_all_that_changes) {
    const std::string renewed = sqlite::renew_epoch(file, backend.random());
    EXPECT_EQ(renewed.size(), 36U);
    EXPECT_NE(renewed, epoch);
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-wal")) << "one file";
    backend.open();
    EXPECT_EQ(backend.installation().epoch, renewed);
    EXPECT_EQ(view(thread, ada).thread.seq, 100U);
}

TEST_F(MaintenanceTest, a_copy_of_a_file_is_the_file_and_has_no_name) {
    const sqlite::DatabaseCopy copy = sqlite::copy_file(file);
    EXPECT_EQ(copy.bytes, std::filesystem::file_size(file));
    EXPECT_EQ(copy.epoch, epoch);
    EXPECT_EQ(copy.schema, sqlite::check_file(file));
    EXPECT_EQ(std::filesystem::hard_link_count("/proc/self/fd/" + std::to_string(*copy.file)), 0U);
}

TEST_F(MaintenanceTest, a_damaged_page_is_found) {
    EXPECT_GT(sqlite::check_file(file), 0);
    {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(10 * 4096);
        stream << std::string(4096, '\x5a');
    }
    EXPECT_THAT(
        refusal([&] { (void)sqlite::check_file(file); }),
        testing::AnyOf(testing::HasSubstr("is damaged"), testing::HasSubstr("can't be used"))
    );
}

TEST_F(MaintenanceTest, what_is_no_database_of_ours_is_refused) {
    change("PRAGMA user_version = 99");
    EXPECT_THAT(
        refusal([&] { (void)sqlite::check_file(file); }),
        testing::HasSubstr("was written by a newer Banter (schema 99")
    );
    change("PRAGMA application_id = 4711");
    EXPECT_THAT(
        refusal([&] { (void)sqlite::copy_file(file); }),
        testing::HasSubstr("is not a database of Banter")
    );
    std::ofstream(file, std::ios::trunc) << std::string(5000, 'x');
    EXPECT_THAT(
        refusal([&] { (void)sqlite::check_file(file); }), testing::HasSubstr("can't be used")
    );
    std::ofstream(file, std::ios::trunc) << "";
    EXPECT_THAT(
        refusal([&] { (void)sqlite::renew_epoch(file, backend.random()); }),
        testing::HasSubstr("is not a database of Banter")
    );
    std::filesystem::remove(file);
    EXPECT_THAT(
        refusal([&] { (void)sqlite::check_file(file); }), testing::HasSubstr("does not exist")
    );
    EXPECT_FALSE(std::filesystem::exists(file)) << "and not made";
}

}  // namespace banter::storage
