// The stores over a fresh database of a real PostgreSQL, as the contract tests ask for them.
//
// BANTER_TEST_POSTGRES is the URL of its database "postgres", for someone who may make others.
#pragma once

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/session.hpp"
#include "storage/testing/stores_backend.hpp"

#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace banter::storage {

/// A database that is there as long as this.
class TestDatabase {
public:
    TestDatabase() : name_("banter_" + hex(SystemRandom().bytes<8>())) {
        run("CREATE DATABASE " + name_);
    }
    ~TestDatabase() { run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)"); }
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string url() const {
        const std::string server = server_url();
        return server.substr(0, server.rfind('/') + 1) + name_;
    }

    static std::string server_url() {
        const char* url = std::getenv("BANTER_TEST_POSTGRES");
        if (url == nullptr) throw std::runtime_error("BANTER_TEST_POSTGRES is not set");
        return url;
    }
    /// In the database of the server's own.
    static void run(const std::string& statement) {
        postgres::Session(postgres::targets_of(server_url())).run(statement.c_str());
    }

private:
    std::string name_;
};

/// There before the database is open, and after it.
struct PostgresPlace {
    TestDatabase place;
};

/// A machine that stands still for a moment is no server that is away.
inline postgres::PostgresOptions patient() {
    postgres::PostgresOptions options;
    options.statement_time = std::chrono::minutes(1);
    options.answer_within = std::chrono::minutes(1);
    options.connect_within = std::chrono::minutes(1);
    options.wait_at_most = std::chrono::minutes(1);
    return options;
}

class PostgresBackend
    : private PostgresPlace,
      public StoresBackend<postgres::PostgresDatabase, postgres::PostgresOptions> {
public:
    explicit PostgresBackend(
        std::size_t loop_count = 1,
        postgres::PostgresOptions options = patient()
    )
        : StoresBackend(loop_count, in_place(std::move(options))) {}

    [[nodiscard]] TestDatabase& test_database() { return place; }

private:
    [[nodiscard]] postgres::PostgresOptions in_place(postgres::PostgresOptions options) const {
        options.url = place.url();
        return options;
    }
};

}  // namespace banter::storage
