// How the schema of a database of before is brought up to date, beside nodes that serve from it.
#include "storage/postgres/migrate.hpp"
#include "storage/testing/postgres_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace banter::storage {

namespace {

using testing::HasSubstr;

class PostgresMigration : public testing::Test {
public:
    static postgres::Session session(const TestDatabase& database) {
        return postgres::Session(postgres::targets_of(database.url()));
    }
    /// As a version made it that knew so many migrations, the last of them in a transaction.
    static void make_schema(postgres::Session& own, std::size_t version) {
        own.run("CREATE TABLE banter_migrations (version bigint PRIMARY KEY, name text NOT NULL)");
        for (const auto& step : postgres::migrations().first(version)) {
            own.run(step.text);
            own.run("INSERT INTO banter_migrations SELECT count(*) + 1, '' FROM banter_migrations");
        }
    }
    static std::int64_t count(postgres::Session& asking, const std::string& what) {
        const std::string text = "SELECT count(*) FROM " + what;
        return asking.query(text.c_str())[0].integer();
    }
    /// Returns when there is such a row.
    static void await(postgres::Session& asking, const std::string& what) {
        while (count(asking, what) == 0) {}
    }
    static constexpr const char* waits_for_members =
        "pg_locks WHERE relation = 'members'::regclass AND NOT granted";
    static bool is_up_to_date(postgres::Session& asking) {
        return count(asking, "banter_migrations") ==
               static_cast<std::int64_t>(postgres::migrations().size());
    }
};

TEST_F(PostgresMigration, memberships_of_before_count_as_used_when_they_were) {
    const TestDatabase database;
    auto own = session(database);
    make_schema(own, 6);
    // One user in more threads than are watched, joined on day 2 and read as far as a message of
    // day 5 in thread 7; and another one.
    own.run(R"(
        INSERT INTO members (thread, user_id, role, read_seq, level, joined_at)
            SELECT g, '\x01', 1, 3, 0, 2 * 86400000 FROM generate_series(1, 2001) AS g;
        INSERT INTO members (thread, user_id, role, read_seq, level, joined_at)
            VALUES (7, '\x02', 1, 3, 0, 2 * 86400000);
        INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, content,
                              mentions_all, created_at)
            VALUES ((7::bigint << 32) + 3, 3, 3, '\x', '\x', '\x', '\x', '', 0, 5 * 86400000 + 1);
    )");
    postgres::migrate(own);
    const auto count = [&](const char* which) {
        const std::string text = "SELECT count(*) FROM members WHERE " + std::string(which);
        return own.query(text.c_str())[0].integer();
    };
    EXPECT_EQ(count("user_id = '\\x01' AND thread <> 7 AND used_day = 2"), 2'000);
    EXPECT_EQ(count("user_id = '\\x01' AND thread = 7 AND used_day = 5"), 1);
    EXPECT_EQ(
        count("user_id = '\\x02' AND used_day = floor(extract(epoch FROM now()) / 86400)"), 1
    );
}

TEST_F(PostgresMigration, nodes_that_migrate_at_once_wait_for_each_other) {
    const TestDatabase database;
    std::vector<std::string> epochs(4);
    {
        std::vector<std::jthread> nodes;
        for (std::string& epoch : epochs) {
            nodes.emplace_back([&database, &epoch] {
                SystemClock clock;
                SystemRandom random;
                auto own = session(database);
                postgres::migrate(own);
                epoch = postgres::open_installation(own, clock, random).epoch;
            });
        }
    }
    EXPECT_NE(epochs[0], "");
    for (const std::string& epoch : epochs) EXPECT_EQ(epoch, epochs[0]);
}

TEST_F(PostgresMigration, while_it_waits_for_a_lock_others_go_on) {
    const TestDatabase database;
    auto own = session(database);
    make_schema(own, 6);
    auto dump = session(database);
    dump.run("BEGIN; LOCK TABLE members IN ACCESS SHARE MODE");
    auto node = session(database);
    // Whatever the machine is like: it would be for ever.
    node.run("SET statement_timeout = '30s'");
    auto looking = session(database);
    {
        const std::jthread migrating([&own] { postgres::migrate(own); });
        for (int i = 0; i < 2; ++i) {
            await(looking, waits_for_members);
            EXPECT_EQ(count(node, "members"), 0);
            EXPECT_FALSE(is_up_to_date(looking));
        }
        dump.run("COMMIT");
    }
    EXPECT_TRUE(is_up_to_date(looking));
}

TEST_F(PostgresMigration, an_index_takes_its_time_while_others_write) {
    const TestDatabase database;
    auto own = session(database);
    make_schema(own, 8);
    // What a node has left that was killed.
    own.run("CREATE INDEX members_by_use ON members (thread)");
    auto dump = session(database);
    dump.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM members");
    auto node = session(database);
    node.run("SET statement_timeout = '30s'");
    auto looking = session(database);
    own.run("SET statement_timeout = '1s'");
    {
        const std::jthread migrating([&own] { postgres::migrate(own); });
        await(looking, waits_for_members);
        dump.run("COMMIT; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM users");
        await(
            looking,
            "pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX%' "
            "AND state = 'active' AND clock_timestamp() - query_start > '1200 ms'"
        );
        node.run(
            "INSERT INTO members (thread, user_id, role, read_seq, level, joined_at) "
            "VALUES (1, '\\x01', 1, 0, 0, 0)"
        );
        dump.run("COMMIT");
    }
    EXPECT_TRUE(is_up_to_date(looking));
    EXPECT_EQ(
        count(looking, "pg_index WHERE indexrelid = 'members_by_use'::regclass AND indisvalid"), 1
    );
    auto definition = looking.query("SELECT pg_get_indexdef('members_by_use'::regclass)");
    EXPECT_THAT(definition[0].text(), HasSubstr("(user_id, used_day, thread)"));
}

}  // namespace

}  // namespace banter::storage
