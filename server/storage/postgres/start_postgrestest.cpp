// How a PostgreSQL database is opened: what is refused, with a sentence that says what to change.
#include "storage/postgres/migrate.hpp"
#include "storage/postgres/server_check.hpp"
#include "storage/testing/postgres_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace banter::storage {

namespace {

using testing::AllOf;
using testing::HasSubstr;

void end_links(postgres::Session& session) {
    session.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    );
}

/// Links that wait for a lock, as a node that starts does.
std::int64_t others_that_wait(postgres::Session& session) {
    constexpr const char* count =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%'";
    return session.query(count)[0].integer();
}

class PostgresStart : public testing::Test {
public:
    /// Of the history that a node serves which is opened.
    static std::string open_epoch(const std::string& url) {
        asio::io_context loop{1};
        SystemClock clock;
        SystemRandom random;
        metrics::Registry registry;
        RecordingBus bus;
        postgres::PostgresOptions options;
        options.url = url;
        const postgres::PostgresDatabase opened(
            options, Loops{loop.get_executor()}, clock, random, registry, bus
        );
        return opened.installation().epoch;
    }
    /// Why it can't be opened; empty: it can.
    static std::string trouble_with(const std::string& url) {
        try {
            (void)open_epoch(url);
            return {};
        } catch (const std::exception& failure) {
            return failure.what();
        }
    }
    std::string trouble_with_setting(const std::string& setting) {
        const TestDatabase database;
        TestDatabase::run("ALTER DATABASE " + database.name() + " SET " + setting);
        return trouble_with(database.url());
    }
    static std::string replaced(std::string text, const std::string& from, const std::string& to) {
        const std::size_t at = text.find(from);
        return text.replace(at, from.size(), to);
    }
    static postgres::Session session(const TestDatabase& database) {
        return postgres::Session(postgres::targets_of(database.url()));
    }
};

TEST_F(PostgresStart, an_empty_database_becomes_one_of_ours_and_stays_the_same_installation) {
    PostgresBackend backend;
    const std::string epoch = backend.installation().epoch;
    EXPECT_FALSE(epoch.empty());
    backend.reopen();
    EXPECT_EQ(backend.installation().epoch, epoch);
}

TEST_F(PostgresStart, a_url_that_is_none_is_refused) {
    EXPECT_THAT(trouble_with("postgresql://[::1"), HasSubstr("URL of the database is wrong"));
    EXPECT_THAT(
        trouble_with("postgresql:///x?host=a,b&port=1,2,3"),
        HasSubstr("URL of the database is wrong")
    );
}

TEST_F(PostgresStart, what_cannot_be_reached_is_named) {
    const TestDatabase database;
    EXPECT_THAT(
        trouble_with(replaced(database.url(), "banter-test-password", "wrong")),
        AllOf(HasSubstr("password authentication failed"), HasSubstr("--database"))
    );
    EXPECT_THAT(
        trouble_with(database.url() + "_not"),
        AllOf(HasSubstr("does not exist"), HasSubstr("--database"))
    );
    EXPECT_THAT(
        trouble_with("postgresql://banter@127.0.0.1:1/banter"), HasSubstr("can't be opened")
    );
}

/// A database whose links speak TLS, and check whom they speak with.
class TlsBackend : private PostgresPlace,
                   public StoresBackend<postgres::PostgresDatabase, postgres::PostgresOptions> {
public:
    TlsBackend() : StoresBackend(1, options_of(place)) {}

    static std::string url_of(const TestDatabase& database, const char* authority) {
        const char* file = std::getenv(authority);
        if (file == nullptr) throw std::runtime_error(std::string(authority) + " is not set");
        return database.url() + "?sslmode=verify-full&sslrootcert=" + file;
    }
    /// Links of this database that do and don't.
    std::int64_t links(bool with_tls) {
        postgres::Session asking(postgres::targets_of(place.url()));
        sql::Parameters kind(1, sql::to_value(std::string(with_tls ? "true" : "false")));
        return asking
            .query(
                "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND ssl::text = $1",
                kind
            )[0]
            .integer();
    }

private:
    static postgres::PostgresOptions options_of(const TestDatabase& database) {
        postgres::PostgresOptions options;
        options.url = url_of(database, "BANTER_TEST_POSTGRES_CA");
        return options;
    }
};

TEST_F(PostgresStart, every_link_speaks_tls_if_the_url_says_so) {
    TlsBackend backend;
    auto& stores = backend.stores();
    asio::io_context& loop = backend.loops()[0];
    model::IdMaker ids(backend.clock(), backend.random());
    NewThread wanted;
    wanted.id = ids.make<model::ThreadId>();
    wanted.workspace = backend.installation().workspace.id;
    wanted.created_by = ids.make<model::UserId>();
    ASSERT_TRUE(run_task(loop, stores.threads.create(wanted)));
    const auto anybody = [](const model::ThreadView&) { return std::optional<Error>(); };
    // More than one record of TLS, and than one buffer of libpq.
    const std::string content(200'000, 'x');
    for (int i = 0; i < 3; ++i) {
        NewMessage message;
        message.id = ids.make<model::MessageId>();
        message.thread = wanted.id;
        message.author = wanted.created_by;
        message.nonce = ids.make<model::Nonce>();
        message.content = content;
        ASSERT_TRUE(run_task(loop, stores.messages.append(std::move(message), anybody)));
    }
    HistoryRequest request{wanted.id, wanted.created_by, Newest{}, 50, 10'000'000};
    const auto read = run_task(loop, stores.messages.history(std::move(request), anybody));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->messages.size(), 3U);
    for (const auto& message : read->messages) EXPECT_EQ(message.content, content);
    EXPECT_GE(backend.links(true), 3);
    EXPECT_EQ(backend.links(false), 0);
}

TEST_F(PostgresStart, a_server_that_cannot_prove_who_it_is_is_refused) {
    const TestDatabase database;
    EXPECT_EQ(trouble_with(TlsBackend::url_of(database, "BANTER_TEST_POSTGRES_CA")), "");
    EXPECT_THAT(
        trouble_with(TlsBackend::url_of(database, "BANTER_TEST_POSTGRES_OTHER_CA")),
        AllOf(HasSubstr("can't be opened"), HasSubstr("certificate verify failed"))
    );
    const std::string url = TlsBackend::url_of(database, "BANTER_TEST_POSTGRES_CA");
    EXPECT_THAT(
        trouble_with(replaced(url, "@127.0.0.1", "@localhost")),
        HasSubstr("does not match host name")
    );
}

TEST_F(PostgresStart, a_server_that_is_too_old_is_refused) {
    EXPECT_NO_THROW(postgres::require_version(150'000, "15.0"));
    EXPECT_NO_THROW(postgres::require_version(180'001, "18.1"));
    try {
        postgres::require_version(140'019, "14.19 (Debian)");
        FAIL() << "it was taken";
    } catch (const std::runtime_error& refused) {
        EXPECT_THAT(
            refused.what(), AllOf(HasSubstr("version 14.19"), HasSubstr("needs 15 or newer"))
        );
    }
}

TEST_F(PostgresStart, of_several_hosts_the_one_that_answers_is_taken) {
    const TestDatabase database;
    const std::string url = database.url();
    const std::size_t at = url.find('@') + 1;
    const std::string host = url.substr(at, url.rfind('/') - at);
    EXPECT_EQ(trouble_with(replaced(url, host, "127.0.0.1:1," + host)), "");
}

TEST_F(PostgresStart, settings_that_break_the_promise_are_refused) {
    EXPECT_THAT(
        trouble_with_setting("synchronous_commit = off"),
        AllOf(HasSubstr("synchronous_commit = off"), HasSubstr("set synchronous_commit = on"))
    );
    EXPECT_THAT(
        trouble_with_setting("default_transaction_isolation = 'serializable'"),
        HasSubstr("set it to 'read committed'")
    );
    EXPECT_THAT(
        trouble_with_setting("default_transaction_read_only = on"), HasSubstr("set it to off")
    );
    EXPECT_EQ(trouble_with_setting("synchronous_commit = local"), "");
}

/// Of the whole server, as long as this lives.
class ServerSetting {
public:
    ServerSetting(std::string name, const std::string& value) : name_(std::move(name)) {
        TestDatabase::run("ALTER SYSTEM SET " + name_ + " = " + value);
        reload_until(value);
    }
    ~ServerSetting() {
        TestDatabase::run("ALTER SYSTEM RESET " + name_);
        reload_until("on");
    }
    ServerSetting(const ServerSetting&) = delete;
    ServerSetting& operator=(const ServerSetting&) = delete;

private:
    void reload_until(const std::string& value) {
        TestDatabase::run("SELECT pg_reload_conf()");
        std::string now;
        while (now != value) {
            postgres::Session session(postgres::targets_of(TestDatabase::server_url()));
            sql::Parameters name(1, sql::to_value(name_));
            now = session.query("SELECT current_setting($1)", name)[0].text();
        }
    }

    std::string name_;
};

TEST_F(PostgresStart, a_server_that_would_lose_what_it_has_acknowledged_is_refused) {
    const TestDatabase database;
    for (const std::string& name : {std::string("fsync"), std::string("full_page_writes")}) {
        const ServerSetting off(name, "off");
        EXPECT_THAT(
            trouble_with(database.url()),
            AllOf(HasSubstr(name + " = off"), HasSubstr("set " + name + " = on"))
        );
    }
    EXPECT_EQ(trouble_with(database.url()), "");
}

TEST_F(PostgresStart, a_database_in_another_encoding_is_refused) {
    const std::string name = "banter_latin_" + hex(SystemRandom().bytes<8>());
    TestDatabase::run(
        "CREATE DATABASE " + name + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    );
    const std::string server = TestDatabase::server_url();
    EXPECT_THAT(
        trouble_with(server.substr(0, server.rfind('/') + 1) + name), HasSubstr("ENCODING 'UTF8'")
    );
    TestDatabase::run("DROP DATABASE " + name);
}

TEST_F(PostgresStart, a_database_of_somebody_else_is_refused_and_left_alone) {
    const TestDatabase database;
    session(database).run("CREATE TABLE users (name text)");
    EXPECT_THAT(
        trouble_with(database.url()), AllOf(HasSubstr("not one of Banter"), HasSubstr("users"))
    );
    EXPECT_TRUE(session(database).query("SELECT name FROM users").empty());
}

TEST_F(PostgresStart, a_newer_database_is_refused) {
    const TestDatabase database;
    EXPECT_EQ(trouble_with(database.url()), "");
    session(database).run("INSERT INTO banter_migrations VALUES (1000, '1000_later.sql')");
    EXPECT_THAT(trouble_with(database.url()), HasSubstr("written by a newer Banter"));
}

TEST_F(PostgresStart, a_user_who_may_make_no_tables_is_refused) {
    const TestDatabase database;
    const std::string name = "guest_" + hex(SystemRandom().bytes<8>());
    TestDatabase::run("CREATE ROLE " + name + " LOGIN PASSWORD 'guest'");
    const std::string url =
        replaced(database.url(), "banter:banter-test-password@", name + ":guest@");
    EXPECT_THAT(trouble_with(url), AllOf(HasSubstr(name), HasSubstr("make the user its owner")));
    TestDatabase::run("DROP ROLE " + name);
}

TEST_F(PostgresStart, nodes_serve_from_one_database_and_one_of_them_does_the_chores) {
    PostgresBackend backend;
    auto keep = [&backend] {
        return run_task(backend.loops()[0], backend.database().keep_locks());
    };
    auto other = session(backend.test_database());
    (void)other.query("SELECT 1 FROM pg_advisory_lock(1114535026, 4)");
    EXPECT_FALSE(keep()) << "another node does them";
    (void)other.query("SELECT 1 FROM pg_advisory_unlock(1114535026, 4)");
    EXPECT_TRUE(keep());
    EXPECT_EQ(trouble_with(backend.test_database().url()), "") << "a second node";
    end_links(other);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    bool taken = false;
    while (!taken && std::chrono::steady_clock::now() < end) taken = keep();
    EXPECT_TRUE(taken) << "it took them again";
}

TEST_F(PostgresStart, a_new_epoch_is_given_while_nobody_serves) {
    PostgresBackend backend;
    SystemRandom random;
    const std::string url = backend.test_database().url();
    EXPECT_THROW((void)postgres::renew_epoch(url, random), std::runtime_error);
    backend.close();
    EXPECT_NE(postgres::renew_epoch(url, random), "");
    backend.open();
}

TEST_F(PostgresStart, a_node_of_another_epoch_serves_no_more) {
    PostgresBackend backend;
    auto has_owner = [&backend] {
        auto asking = backend.stores().users.has_owner(backend.installation().workspace.id);
        return run_task(backend.loops()[0], std::move(asking));
    };
    EXPECT_FALSE(has_owner());
    auto other = session(backend.test_database());
    other.run("UPDATE installation SET epoch = 'another'");
    end_links(other);
    // Its links are refused at once, and all of it when it has looked after its locks.
    std::string refused;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (refused.find("history of the database") == refused.npos &&
           std::chrono::steady_clock::now() < end) {
        (void)run_task(backend.loops()[0], backend.database().keep_locks());
        try {
            EXPECT_FALSE(has_owner());
        } catch (const StorageFailure& failure) {
            refused = failure.what();
        }
    }
    EXPECT_THAT(refused, HasSubstr("history of the database"));
}

TEST_F(PostgresStart, no_new_epoch_is_given_while_a_node_has_any_link) {
    PostgresBackend backend;
    auto asking = backend.stores().users.has_owner(backend.installation().workspace.id);
    EXPECT_FALSE(run_task(backend.loops()[0], std::move(asking)));
    auto other = session(backend.test_database());
    // That of its locks is the first one that it made.
    other.run(
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "ORDER BY backend_start LIMIT 1"
    );
    SystemRandom random;
    try {
        (void)postgres::renew_epoch(backend.test_database().url(), random);
        FAIL() << "it was given";
    } catch (const std::runtime_error& refused) {
        EXPECT_THAT(refused.what(), HasSubstr("a Banter serves from the database"));
    }
}

TEST_F(PostgresStart, a_link_that_finds_another_epoch_than_before_reads_and_writes_nothing) {
    PostgresBackend backend;
    asio::io_context& loop = backend.loops()[0];
    model::IdMaker ids(backend.clock(), backend.random());
    NewThread wanted;
    wanted.id = ids.make<model::ThreadId>();
    wanted.workspace = backend.installation().workspace.id;
    wanted.created_by = ids.make<model::UserId>();
    ASSERT_TRUE(run_task(loop, backend.stores().threads.create(wanted)));
    const auto anybody = [](const model::ThreadView&) { return std::optional<Error>(); };
    auto send = [&] {
        NewMessage message;
        message.id = ids.make<model::MessageId>();
        message.thread = wanted.id;
        message.author = wanted.created_by;
        message.nonce = ids.make<model::Nonce>();
        message.content = "text";
        return run_task(loop, backend.stores().messages.append(std::move(message), anybody));
    };
    ASSERT_TRUE(send());

    // Between two looks after its locks the node has lost all its links.
    auto other = session(backend.test_database());
    end_links(other);
    SystemRandom random;
    EXPECT_NE(postgres::renew_epoch(backend.test_database().url(), random), "");
    EXPECT_THROW((void)send(), StorageFailure);
    wanted.id = ids.make<model::ThreadId>();
    EXPECT_THROW((void)run_task(loop, backend.stores().threads.create(wanted)), StorageFailure);
    EXPECT_THROW(
        (void)run_task(loop, backend.stores().threads.find(wanted.id, wanted.created_by)),
        StorageFailure
    );
    EXPECT_EQ(other.query("SELECT count(*) FROM messages")[0].integer(), 1);
    EXPECT_EQ(other.query("SELECT count(*) FROM threads")[0].integer(), 1);
}

TEST_F(PostgresStart, a_node_that_starts_waits_for_a_new_epoch_and_has_it) {
    const TestDatabase database;
    ASSERT_EQ(trouble_with(database.url()), "");
    auto other = session(database);
    (void)other.query("SELECT 1 FROM pg_advisory_lock(1114535026, 2)");
    EXPECT_THAT(trouble_with(database.url()), HasSubstr("is being given a new epoch"));
    while (others_that_wait(other) != 0) {}
    std::string epoch;
    {
        const std::jthread starting([&] {
            // It waits for some seconds only.
            while (epoch.empty()) {
                try {
                    epoch = open_epoch(database.url());
                } catch (const std::runtime_error& refused) {
                    EXPECT_THAT(refused.what(), HasSubstr("is being given a new epoch"));
                }
            }
        });
        while (others_that_wait(other) == 0) {}
        other.run(
            "UPDATE installation SET epoch = 'another'; SELECT pg_advisory_unlock(1114535026, 2)"
        );
    }
    EXPECT_EQ(epoch, "another");
}

}  // namespace

}  // namespace banter::storage
