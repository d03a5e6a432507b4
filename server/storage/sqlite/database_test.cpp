// What is SQLite's own: the data directory, the writer's batches, its bounded queue, its end.
#include "storage/contract/world.hpp"
#include "storage/sqlite/lock_file.hpp"
#include "storage/sqlite/migrate.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace banter::storage {

namespace {

class SqliteDatabaseTest : public World<SqliteBackend> {
public:
    void SetUp() override {
        ada = user("ada");
        thread = channel("general", ada);
    }
    static void change_file(const std::filesystem::path& directory, const std::string& statement) {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open((directory / "banter.db").c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }
    static std::string first_value(
        const std::filesystem::path& directory,
        const std::string& query
    ) {
        sqlite3* database = nullptr;
        EXPECT_EQ(sqlite3_open((directory / "banter.db").c_str(), &database), SQLITE_OK);
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr);
        EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
        const auto* text = sqlite3_column_text(statement, 0);
        std::string value = text == nullptr ? "" : reinterpret_cast<const char*>(text);
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return value;
    }
    static std::string schema_version(const std::filesystem::path& directory) {
        return first_value(directory, "PRAGMA user_version");
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
};

/// Sends without awaiting each other, all of one turn of the loop.
struct Sends {
    std::size_t answered = 0;
    std::size_t busy = 0;
    std::size_t unavailable = 0;

    static Task<> one(MessageStore* store, NewMessage message, Sends* out) {
        try {
            const auto sent = co_await store->append(std::move(message), allow);
            if (sent) ++out->answered;
        } catch (const StorageFailure& failure) {
            if (failure.code() == Errc::busy) ++out->busy;
            if (failure.code() == Errc::storage_unavailable) ++out->unavailable;
        }
    }
};

template <typename Backend>
void spawn_sends(
    World<Backend>& world,
    Backend& backend,
    model::ThreadId thread,
    std::size_t count,
    Sends& out
) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto author = world.template make<model::UserId>();
        auto task =
            Sends::one(&backend.stores().messages, world.new_message(thread, author, "text"), &out);
        asio::co_spawn(backend.loops()[0], std::move(task), [](std::exception_ptr failure) {
            EXPECT_FALSE(failure);
        });
    }
}

}  // namespace

TEST_F(SqliteDatabaseTest, the_epoch_and_the_workspace_stay_the_same_over_restarts) {
    const Installation before = backend.installation();
    EXPECT_EQ(before.epoch.size(), 36U);
    EXPECT_FALSE(before.workspace.name.empty());
    backend.reopen();
    EXPECT_EQ(backend.installation().epoch, before.epoch);
    EXPECT_EQ(backend.installation().workspace.id, before.workspace.id);
}

TEST_F(SqliteDatabaseTest, a_directory_in_use_is_refused_with_the_holders_process) {
    const std::string refused = refusal([&] {
        sqlite::SqliteOptions options;
        options.directory = backend.directory();
        SqliteBackend second(1, options);
    });
    EXPECT_EQ(
        refused,
        backend.directory().string() + " is in use by another Banter (pid " +
            std::to_string(::getpid()) + ")"
    );
    EXPECT_EQ(send(thread, ada, "hi").seq, 1U) << "the holder goes on";
    backend.close();
    EXPECT_NO_THROW(sqlite::LockFile lock(backend.directory()));
}

TEST_F(SqliteDatabaseTest, a_file_of_a_newer_program_is_refused_and_left_alone) {
    backend.close();
    const std::string current = schema_version(backend.directory());
    change_file(backend.directory(), "PRAGMA user_version = 99");
    const std::string refused = refusal([&] { backend.open(); });
    EXPECT_THAT(refused, testing::HasSubstr("was written by a newer Banter (schema 99"));
    change_file(backend.directory(), "PRAGMA user_version = " + current);
    backend.open();
    EXPECT_EQ(send(thread, ada, "hi").seq, 1U);
}

TEST_F(SqliteDatabaseTest, a_file_of_an_earlier_version_is_brought_up_to_date) {
    constexpr std::size_t earlier = 2;
    const auto steps = sqlite::migrations();
    ASSERT_GT(steps.size(), earlier);
    backend.close();
    std::filesystem::remove(backend.directory() / "banter.db");
    for (const auto& step : steps.first(earlier)) change_file(backend.directory(), step.text);
    change_file(backend.directory(), R"(
        PRAGMA application_id = 0x426e7472;
        PRAGMA user_version = 2;
        INSERT INTO workspaces (id, name, created_at) VALUES (zeroblob(16), 'W', 1);
        INSERT INTO users (id, workspace_id, role, local, handle, display_name, bot, created_at)
            VALUES (zeroblob(16), zeroblob(16), 0, 1, 'zoe', 'Zoe (Quality) Smith-Jones', 0, 1);
        WITH RECURSIVE seqs (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM seqs WHERE seq < 6)
        INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, content,
                              mentions_all, created_at)
            SELECT (1 << 32) + seq, iif(seq IN (2, 3, 5), 100 + seq, seq), seq,
                   CAST(seq AS BLOB), zeroblob(16), CAST(seq AS BLOB), x'', 'text', 0,
                   iif(seq = 4, 5 * 86400000, 1) FROM seqs;
        INSERT INTO members (thread, user_id, role, read_seq, level, joined_at)
            VALUES (1, x'01', 1, 4, 0, 2 * 86400000), (1, x'02', 1, 3, 0, 2 * 86400000);
    )");
    backend.open();
    backend.close();
    EXPECT_EQ(schema_version(backend.directory()), std::to_string(steps.size()));
    EXPECT_EQ(
        first_value(
            backend.directory(), "SELECT group_concat(term, ';') FROM (SELECT term FROM user_terms)"
        ),
        "jones;quality) smith-jones;smith-jones;zoe;zoe (quality) smith-jones"
    );
    EXPECT_EQ(
        first_value(
            backend.directory(),
            "SELECT group_concat((first_place - (1 << 32)) || '-' || (last_place - (1 << 32))) "
            "FROM changed_runs"
        ),
        "2-3,5-5"
    );
    EXPECT_EQ(
        first_value(
            backend.directory(),
            "SELECT group_concat(used_day) FROM (SELECT used_day FROM members ORDER BY user_id)"
        ),
        "5,2"
    );
    backend.open();
}

TEST_F(SqliteDatabaseTest, memberships_of_before_are_watched_and_get_their_threads_id) {
    const auto without_id = [this] {
        return first_value(
            backend.directory(), "SELECT count(*) FROM members WHERE thread_id IS NULL"
        );
    };
    send(thread, ada, "hi");
    EXPECT_EQ(without_id(), "0");
    change_file(backend.directory(), "UPDATE members SET thread_id = NULL");
    const Watch all{.all_max = 1};
    EXPECT_EQ(run(threads().watched(ada, all)), std::vector{thread});
    const ReadMark back{.thread = thread, .user = ada, .seq = 0, .may_go_back = true};
    run_task(backend.loops()[0], threads().mark_read({back}));
    EXPECT_EQ(without_id(), "0");
    EXPECT_EQ(run(threads().watched(ada, all)), std::vector{thread});
}

TEST_F(SqliteDatabaseTest, a_database_of_another_program_is_refused) {
    backend.close();
    std::filesystem::remove(backend.directory() / "banter.db");
    change_file(backend.directory(), "CREATE TABLE users (name TEXT)");
    EXPECT_THAT(
        refusal([&] { backend.open(); }), testing::HasSubstr("is not a database of Banter")
    );
}

TEST_F(SqliteDatabaseTest, a_file_that_is_no_database_is_refused_by_name) {
    backend.close();
    std::ofstream(backend.directory() / "banter.db", std::ios::trunc) << std::string(5000, 'x');
    EXPECT_THAT(refusal([&] { backend.open(); }), testing::HasSubstr("banter.db can't be used: "));
}

TEST_F(SqliteDatabaseTest, a_directory_that_cannot_be_made_is_refused_by_name) {
    const auto file = backend.directory() / "file";
    std::ofstream(file) << "x";
    const std::string refused = refusal([&] {
        sqlite::SqliteOptions options;
        options.directory = file / "data";
        SqliteBackend second(1, options);
    });
    EXPECT_THAT(refused, testing::HasSubstr("file/data can't be made"));
}

TEST_F(SqliteDatabaseTest, its_files_are_for_their_owner_only) {
    send(thread, ada, "hi");
    for (const char* name : {"banter.db", "banter.db-wal", "banter.db-shm", "banter.lock"}) {
        const auto mode = std::filesystem::status(backend.directory() / name).permissions();
        EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
            << name;
    }
}

TEST_F(SqliteDatabaseTest, after_a_close_there_is_one_file_and_no_log) {
    send(thread, ada, "hi");
    backend.close();
    EXPECT_TRUE(std::filesystem::exists(backend.directory() / "banter.db"));
    EXPECT_FALSE(std::filesystem::exists(backend.directory() / "banter.db-wal"));
}

TEST_F(SqliteDatabaseTest, sends_of_one_turn_become_one_batch) {
    Sends sends;
    (void)events();
    const std::size_t before = backend.bus().publications();
    spawn_sends(*this, backend, thread, 10, sends);
    backend.loops().run_all();
    (void)events();
    EXPECT_EQ(sends.answered, 10U);
    EXPECT_EQ(backend.bus().publications(), before + 1);
}

TEST_F(SqliteDatabaseTest, a_failing_item_leaves_the_rest_of_its_batch_alone) {
    Sends sends;
    int broken = 0;
    auto throwing = [](MessageStore* store, NewMessage wanted, int* count) -> Task<> {
        const auto rule = [](const model::ThreadView&) -> std::optional<Error> {
            throw std::runtime_error("broken");
        };
        try {
            (void)co_await store->append(std::move(wanted), rule);
        } catch (const std::runtime_error&) {
            ++*count;
        }
    };
    for (int i = 0; i < 3; ++i) {
        spawn_sends(*this, backend, thread, 5, sends);
        auto task = throwing(&messages(), new_message(thread, ada, "text"), &broken);
        asio::co_spawn(backend.loops()[0], std::move(task), [](std::exception_ptr) {});
    }
    backend.loops().run_all();
    EXPECT_EQ(broken, 3);
    EXPECT_EQ(sends.answered, 15U);
    EXPECT_EQ(view(thread, ada).thread.seq, 15U);
}

TEST_F(SqliteDatabaseTest, a_message_id_that_is_not_new_fails_alone_and_writes_nothing) {
    NewMessage message = new_message(thread, ada, "hi");
    send(message);
    message.nonce = make<model::Nonce>();
    EXPECT_THROW((void)run(messages().append(message, allow)), sql::ConstraintViolation);
    EXPECT_EQ(view(thread, ada).thread.rev, 1U);
    EXPECT_EQ(send(thread, ada, "next").seq, 2U);
}

TEST_F(SqliteDatabaseTest, a_script_that_fails_half_way_leaves_nothing_behind) {
    const auto half =
        +[](sql::Connection& connection, sql::Outbox& outbox, model::ThreadId id) -> Task<bool> {
        static constexpr sql::Statement rename{"UPDATE threads SET name = 'half' WHERE id = $1"};
        outbox.events.push_back(std::make_shared<const model::Event>());
        co_await connection.query(rename, id);
        throw std::runtime_error("half way");
    };
    const auto refused =
        +[](sql::Connection& connection, sql::Outbox&, model::ThreadId id) -> Task<Result<bool>> {
        static constexpr sql::Statement rename{"UPDATE threads SET name = 'half' WHERE id = $1"};
        co_await connection.query(rename, id);
        co_return Error{Errc::forbidden, "no"};
    };
    EXPECT_THROW((void)run(backend.database().write(half, thread)), std::runtime_error);
    EXPECT_FALSE(run(backend.database().write(refused, thread)).has_value());
    EXPECT_EQ(view(thread, ada).thread.name, "general");
    EXPECT_THAT(events(), testing::IsEmpty());
}

TEST_F(SqliteDatabaseTest, a_reader_cannot_write) {
    const auto script = +[](sql::Connection& connection) -> Task<bool> {
        static constexpr sql::Statement statement{"UPDATE threads SET name = 'x'"};
        co_await connection.query(statement);
        co_return true;
    };
    EXPECT_THROW((void)run(backend.database().read(script)), StorageFailure);
}

TEST(SqliteWriter, a_full_queue_is_busy_and_the_rest_is_written) {
    sqlite::SqliteOptions options;
    options.queue_items_max = 20;
    options.batch_items_max = 7;
    struct Small : World<SqliteBackend> {
        void TestBody() override {}
    } world;
    SqliteBackend backend(1, options);
    NewThread wanted = world.new_thread("general", world.make<model::UserId>());
    wanted.workspace = backend.installation().workspace.id;
    (void)run_task(backend.loops()[0], backend.stores().threads.create(wanted));
    Sends sends;
    spawn_sends(world, backend, wanted.id, 50, sends);
    backend.loops().run_all();
    EXPECT_EQ(sends.answered, 20U);
    EXPECT_EQ(sends.busy, 30U);
    spawn_sends(world, backend, wanted.id, 20, sends);
    backend.loops().run_all();
    EXPECT_EQ(sends.answered, 40U) << "there is room again";
}

TEST(SqliteWriter, each_hand_over_is_told_once_before_and_once_after_its_events) {
    std::vector<bool> told;
    sqlite::SqliteOptions options;
    options.batch_items_max = 3;
    options.in_flight = [&](std::size_t loop, bool in_flight) {
        EXPECT_EQ(loop, 0U);
        told.push_back(in_flight);
    };
    struct Small : World<SqliteBackend> {
        void TestBody() override {}
    } world;
    SqliteBackend backend(1, options);
    NewThread wanted = world.new_thread("general", world.make<model::UserId>());
    wanted.workspace = backend.installation().workspace.id;
    (void)run_task(backend.loops()[0], backend.stores().threads.create(wanted));
    while (told.size() < 2) backend.loops().run_all();  // the creation's own
    told.clear();
    Sends sends;
    spawn_sends(world, backend, wanted.id, 10, sends);
    backend.loops().run_all();
    backend.database().stop();
    backend.loops().run_all();
    EXPECT_EQ(sends.answered, 10U);
    EXPECT_EQ(told, (std::vector<bool>{true, false})) << "four batches, one hand-over";
}

TEST(SqliteWriter, a_turns_end_that_was_given_is_where_writes_are_handed_over) {
    std::vector<std::function<void()>> at_turn_end;
    sqlite::SqliteOptions options;
    options.at_turn_end = [&](std::size_t, std::function<void()> call) {
        at_turn_end.push_back(std::move(call));
    };
    struct Small : World<SqliteBackend> {
        void TestBody() override {}
    } world;
    SqliteBackend backend(1, options);
    Sends sends;
    spawn_sends(world, backend, world.make<model::ThreadId>(), 3, sends);
    backend.loops()[0].restart();
    backend.loops()[0].poll();
    ASSERT_EQ(at_turn_end.size(), 1U) << "one for all writes of the turn";
    at_turn_end.front()();
    backend.loops().run_all();
    EXPECT_EQ(
        backend.registry().text().find("banter_batch_items_sum 3") != std::string::npos, true
    );
}

TEST(SqliteWriter, stopping_finishes_what_was_handed_over_and_refuses_the_rest) {
    struct Small : World<SqliteBackend> {
        void TestBody() override {}
    } world;
    SqliteBackend backend(1);
    NewThread wanted = world.new_thread("general", world.make<model::UserId>());
    wanted.workspace = backend.installation().workspace.id;
    (void)run_task(backend.loops()[0], backend.stores().threads.create(wanted));
    Sends sends;
    spawn_sends(world, backend, wanted.id, 5, sends);
    backend.loops()[0].restart();
    backend.loops()[0].poll();  // handed over
    spawn_sends(world, backend, wanted.id, 2, sends);
    backend.database().stop();
    backend.database().stop();
    backend.loops().run_all();
    EXPECT_EQ(sends.answered, 5U);
    EXPECT_EQ(sends.unavailable, 2U);
    EXPECT_THROW(
        (void
        )run_task(backend.loops()[0], backend.stores().threads.find(wanted.id, wanted.created_by)),
        StorageFailure
    );
}

}  // namespace banter::storage
