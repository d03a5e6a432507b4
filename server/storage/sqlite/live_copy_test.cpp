// A copy that is made while it is written to is the database as it is at the copy's last step.
#include "storage/sqlite/live_copy.hpp"

#include "storage/contract/world.hpp"
#include "storage/sqlite/maintenance.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

namespace {

constexpr std::size_t content_bytes = 4000;

sqlite::SqliteOptions small() {
    sqlite::SqliteOptions options;
    options.wal_bytes_max = 64 * 1024;
    options.writer_cache_bytes = 64 * 1024;
    return options;
}

/// With a log that is soon copied, and a cache so small that the log has pages of what is not
/// committed.
struct SmallBackend : SqliteBackend {
    explicit SmallBackend(std::size_t loops = 1) : SqliteBackend(loops, small()) {}
};

class LiveCopyTest : public World<SmallBackend> {
public:
    void SetUp() override {
        ada = user("ada");
        thread = channel("general", ada);
        for (int i = 0; i < 400; ++i) send(thread, ada, text());
    }

    static std::string text() { return std::string(content_bytes, 'x'); }

    /// Makes a copy, and calls `between` after each step but the last.
    sqlite::DatabaseCopy copy(const std::function<void()>& between) {
        sqlite::LiveCopy copy = backend.database().make_copy(offload);
        for (auto progress = run(copy.begin()); progress.left > 0;) {
            progress = run(copy.step());
            ++steps;
            if (progress.left > 0) between();
        }
        return run(copy.finish());
    }

    /// A backend over what the copy holds.
    std::unique_ptr<SqliteBackend> opened(const sqlite::DatabaseCopy& copy) {
        sqlite::SqliteOptions options;
        options.directory = elsewhere.path();
        std::string bytes(copy.bytes, '\0');
        EXPECT_EQ(::pread(*copy.file, bytes.data(), bytes.size(), 0), std::ssize(bytes));
        std::ofstream(options.directory / options.file_name, std::ios::binary) << bytes;
        EXPECT_GT(sqlite::check_file(options.directory / options.file_name), 0) << "it is whole";
        return std::make_unique<SqliteBackend>(1, options);
    }
    History page(SqliteBackend& of, model::Seq after) {
        HistoryRequest request{thread, ada, After{after}, 200};
        return expect(run_task(of.loops()[0], of.stores().messages.history(request, allow)));
    }
    std::vector<model::Message> all_of(SqliteBackend& of) {
        std::vector<model::Message> all;
        for (auto part = page(of, 0).messages; !part.empty();) {
            all.insert(all.end(), part.begin(), part.end());
            part = page(of, all.back().seq).messages;
        }
        EXPECT_EQ(page(of, 0).view.thread.seq, all.size());
        return all;
    }

    Offload offload{1, 16};
    TemporaryDirectory elsewhere;
    model::UserId ada;
    model::ThreadId thread;
    int steps = 0;
};

}  // namespace

TEST_F(LiveCopyTest, holds_what_was_written_before_its_last_step_and_nothing_later) {
    const model::Message first = history(thread, ada, Before{2}).messages.front();
    int between = 0;
    const auto copied = copy([&] {
        send(thread, ada, "between " + std::to_string(between++));
        edit(first, "edit " + std::to_string(between));
    });
    send(thread, ada, "after");
    EXPECT_GT(steps, 3);

    const auto restored = opened(copied);
    const auto held = all_of(*restored);
    ASSERT_EQ(held.size(), 400U + static_cast<std::size_t>(between));
    EXPECT_EQ(held.back().content, "between " + std::to_string(between - 1));
    EXPECT_EQ(held.front().content, "edit " + std::to_string(between))
        << "a page that was copied already is copied again";
    EXPECT_EQ(restored->installation().epoch, copied.epoch);
    EXPECT_EQ(copied.epoch, backend.installation().epoch);
}

TEST_F(LiveCopyTest, leaves_out_what_was_taken_back) {
    const auto broken =
        +[](sql::Connection& connection, sql::Outbox&, model::ThreadId id) -> Task<bool> {
        static constexpr sql::Statement spoil{
            "UPDATE messages SET content = replace(content, 'x', 'y')"};
        static constexpr sql::Statement rename{"UPDATE threads SET name = 'spoilt' WHERE id = $1"};
        co_await connection.query(spoil);
        co_await connection.query(rename, id);
        throw std::runtime_error("taken back");
    };
    bool first = true;
    const auto copied = copy([&] {
        if (!std::exchange(first, false)) return;
        EXPECT_THROW((void)run(backend.database().write(broken, thread)), std::runtime_error);
    });
    ASSERT_FALSE(first);
    const auto restored = opened(copied);
    EXPECT_EQ(page(*restored, 0).view.thread.name, "general");
    EXPECT_THAT(all_of(*restored), testing::Each(testing::Field(&model::Message::content, text())));
}

TEST_F(LiveCopyTest, comes_to_its_end_though_more_is_written_than_a_step_copies) {
    std::uintmax_t longest = 0;
    std::size_t written = 0;
    (void)copy([&] {
        ASSERT_LT(steps, 100) << "it will never end";
        for (int i = 0; i < 50; ++i, written += content_bytes) send(thread, ada, text());
        const auto log = backend.directory() / "banter.db-wal";
        longest = std::max(longest, std::filesystem::file_size(log));
    });
    EXPECT_GT(written, 1024U * 1024);
    EXPECT_LT(longest, written) << "a read transaction held all that time would keep it all";
}

TEST_F(LiveCopyTest, there_is_one_at_a_time_and_an_abandoned_one_is_none) {
    {
        sqlite::LiveCopy first = backend.database().make_copy(offload);
        (void)run(first.begin());
        (void)run(first.step());
        sqlite::LiveCopy second = backend.database().make_copy(offload);
        try {
            (void)run(second.begin());
            ADD_FAILURE() << "two at once";
        } catch (const StorageFailure& failure) {
            EXPECT_EQ(failure.code(), Errc::busy);
        }
        EXPECT_GT(run(first.step()).all, 0U) << "the first goes on";
    }
    const auto copied = copy([] {});
    EXPECT_EQ(all_of(*opened(copied)).size(), 400U);
}

TEST_F(LiveCopyTest, leaves_no_file_whether_it_is_finished_or_not) {
    {
        sqlite::LiveCopy copy = backend.database().make_copy(offload);
        (void)run(copy.begin());
    }
    (void)copy([] {});
    for (const auto& entry : std::filesystem::directory_iterator(backend.directory())) {
        EXPECT_EQ(entry.path().filename().string().find("copy"), std::string::npos) << entry;
    }
}

TEST_F(LiveCopyTest, ends_with_the_database) {
    sqlite::LiveCopy copy = backend.database().make_copy(offload);
    (void)run(copy.begin());
    backend.database().stop();
    EXPECT_THROW((void)run(copy.step()), StorageFailure);
}

}  // namespace banter::storage
